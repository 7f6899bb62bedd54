#ifndef POPL_XML_TRANSCODE_H
#define POPL_XML_TRANSCODE_H
#include <stdint.h>

// The four encodings that metadata comes in, made UTF-8. Ours and not libxml2's, so that the scan and the parser are
// sure to read the same characters.

/// No input byte becomes more than this many.
#define POPL_XML_TRANSCODED_BYTES_MAX 2

typedef struct popl_xml_transcoder {
    int32_t encoding;
    /// The first half of what the last piece ended in: one byte of a unit, or a high surrogate; -1 none.
    int32_t halfUnit;
    int32_t highSurrogate;
} popl_xml_transcoder;

/// Writes UTF-8 into `out` (`POPL_XML_TRANSCODED_BYTES_MAX * count + 4` bytes) and returns how much; -1 when a byte is
/// not of the encoding. UTF-8 itself is passed on as it is: libxml2 checks it.
int64_t popl_xml_transcode(
    popl_xml_transcoder *transcoder, const unsigned char *bytes, int64_t count, unsigned char *out);

/// Whether the input ended between two characters.
int popl_xml_transcode_ended(const popl_xml_transcoder *transcoder);

#endif
