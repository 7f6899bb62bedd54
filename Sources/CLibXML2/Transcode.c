#include "Transcode.h"
#include "CLibXML2.h"
#include <string.h>

static unsigned char *put(unsigned char *out, uint32_t scalar) {
    if (scalar < 0x80) {
        *out++ = (unsigned char)scalar;
    } else if (scalar < 0x800) {
        *out++ = (unsigned char)(0xC0 | scalar >> 6);
        *out++ = (unsigned char)(0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
        *out++ = (unsigned char)(0xE0 | scalar >> 12);
        *out++ = (unsigned char)(0x80 | (scalar >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (scalar & 0x3F));
    } else {
        *out++ = (unsigned char)(0xF0 | scalar >> 18);
        *out++ = (unsigned char)(0x80 | (scalar >> 12 & 0x3F));
        *out++ = (unsigned char)(0x80 | (scalar >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (scalar & 0x3F));
    }
    return out;
}

static int64_t transcode_utf16(popl_xml_transcoder *t, const unsigned char *bytes, int64_t count, unsigned char *out) {
    unsigned char *start = out;
    for (int64_t i = 0; i < count; i++) {
        if (t->halfUnit < 0) {
            t->halfUnit = bytes[i];
            continue;
        }
        uint32_t first = (uint32_t)t->halfUnit, second = bytes[i];
        uint32_t unit = t->encoding == POPL_XML_UTF16_BIG ? first << 8 | second : second << 8 | first;
        t->halfUnit = -1;
        if (t->highSurrogate >= 0) {
            if (unit < 0xDC00 || unit > 0xDFFF) return -1;
            out = put(out, 0x10000 + (((uint32_t)t->highSurrogate - 0xD800) << 10) + (unit - 0xDC00));
            t->highSurrogate = -1;
        } else if (unit >= 0xD800 && unit <= 0xDBFF) {
            t->highSurrogate = (int32_t)unit;
        } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
            return -1;
        } else {
            out = put(out, unit);
        }
    }
    return out - start;
}

int64_t popl_xml_transcode(
    popl_xml_transcoder *transcoder, const unsigned char *bytes, int64_t count, unsigned char *out) {
    unsigned char *at = out;
    switch (transcoder->encoding) {
    case POPL_XML_UTF16_LITTLE:
    case POPL_XML_UTF16_BIG:
        return transcode_utf16(transcoder, bytes, count, out);
    case POPL_XML_LATIN1:
        for (int64_t i = 0; i < count; i++) at = put(at, bytes[i]);
        return at - out;
    case POPL_XML_ASCII:
        for (int64_t i = 0; i < count; i++) if (bytes[i] >= 0x80) return -1;
        memcpy(out, bytes, (size_t)count);
        return count;
    default:
        memcpy(out, bytes, (size_t)count);
        return count;
    }
}

int popl_xml_transcode_ended(const popl_xml_transcoder *transcoder) {
    return transcoder->halfUnit < 0 && transcoder->highSurrogate < 0;
}
