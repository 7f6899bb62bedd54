// Nothing to call: the library is preloaded (LD_PRELOAD) into the program whose writes are to be known.
