#ifndef POPL_XML_SCAN_H
#define POPL_XML_SCAN_H
#include <stdint.h>

// What the document may not hold, found before libxml2 is given the bytes. Knows just enough of XML to tell a start tag
// from a comment; whether it is well-formed is libxml2's business.

typedef struct popl_xml_scan {
    int32_t state;
    /// How far into a delimiter of several bytes (`<!--`, `]]>`) the last byte was.
    int32_t matched;
    int64_t tagBytes;
    int32_t attributes;
    /// Complete lines before the next byte.
    int64_t lines;
} popl_xml_scan;

/// Looks at the next bytes of the document. Returns 0, or a refusal of CLibXML2.h with `line` set.
int32_t popl_xml_scan_bytes(popl_xml_scan *scan, const unsigned char *bytes, int64_t count, int64_t *line);

/// Whether the last byte was inside a tag, a comment or the like.
int popl_xml_scan_is_inside(const popl_xml_scan *scan);

#endif
