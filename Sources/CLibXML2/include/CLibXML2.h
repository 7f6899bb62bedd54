#ifndef POPL_CLIBXML2_H
#define POPL_CLIBXML2_H
#endif
