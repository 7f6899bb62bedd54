#ifndef POPL_CSCAN_H
#define POPL_CSCAN_H
#endif
