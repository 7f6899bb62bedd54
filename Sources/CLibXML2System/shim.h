// Only a door for pkg-config's flags: the headers themselves are read by CLibXML2's C file alone, because
// Debian's libxml2 pulls in ICU's, which clash with Foundation's.
