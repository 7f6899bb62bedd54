#include "Scan.h"
#include "CLibXML2.h"
#include <string.h>

enum { TEXT, LESS_THAN, BANG, COMMENT, CDATA, INSTRUCTION, END_TAG, TAG, DOUBLE_QUOTED, SINGLE_QUOTED };

static int64_t lines_in(const unsigned char *bytes, int64_t count) {
    int64_t lines = 0;
    for (int64_t i = 0; i < count; i++) lines += bytes[i] == '\n';
    return lines;
}

static int32_t refuse(popl_xml_scan *scan, int32_t verdict, const unsigned char *bytes, int64_t offset, int64_t *line) {
    *line = scan->lines + lines_in(bytes, offset) + 1;
    return verdict;
}

/// The next of the bytes that end `state`'s search, or `end`.
static const unsigned char *find(const unsigned char *at, const unsigned char *end, int byte) {
    const unsigned char *found = memchr(at, byte, (size_t)(end - at));
    return found == NULL ? end : found;
}

/// After `closing[0]` repeated `matched` times and more: does the next byte go on? For `-->`, `]]>`, `?>`.
static int32_t match(int32_t matched, const char *closing, int32_t length, unsigned char byte) {
    if (byte == (unsigned char)closing[matched]) return matched + 1;
    // `--->` and `]]]>`: the last two of three are still a beginning.
    if (matched == length - 1 && length == 3 && byte == (unsigned char)closing[0]) return matched;
    return byte == (unsigned char)closing[0] ? 1 : 0;
}

static const char cdata[] = "[CDATA[";

int32_t popl_xml_scan_bytes(popl_xml_scan *scan, const unsigned char *bytes, int64_t count, int64_t *line) {
    const unsigned char *at = bytes, *end = bytes + count;
    const unsigned char *nul = memchr(bytes, 0, (size_t)count);
    if (nul != NULL) return refuse(scan, POPL_XML_NUL, bytes, nul - bytes, line);
    while (at < end) {
        switch (scan->state) {
        case TEXT:
            at = find(at, end, '<');
            if (at < end) {
                at++;
                scan->state = LESS_THAN;
            }
            break;
        case LESS_THAN:
            scan->matched = 0;
            switch (*at) {
            case '!': scan->state = BANG; at++; break;
            case '?': scan->state = INSTRUCTION; at++; break;
            case '/': scan->state = END_TAG; at++; break;
            default:
                scan->state = TAG;
                scan->tagBytes = 0;
                scan->attributes = 0;
            }
            break;
        case BANG:
            // `<!--` or `<![CDATA[`; anything else declares something.
            if (scan->matched < 2 && *at == '-') {
                scan->matched = scan->matched == 0 ? 1 : 0;
                if (scan->matched == 0) scan->state = COMMENT;
            } else if (scan->matched != 1 && *at == (unsigned char)cdata[scan->matched == 0 ? 0 : scan->matched - 1]) {
                // 0 nothing yet, 1 is `-`, n + 1 is n bytes of `[CDATA[`.
                scan->matched = scan->matched == 0 ? 2 : scan->matched + 1;
                if (scan->matched == 8) {
                    scan->matched = 0;
                    scan->state = CDATA;
                }
            } else {
                return refuse(scan, POPL_XML_DECLARATION, bytes, at - bytes, line);
            }
            at++;
            break;
        case COMMENT:
        case CDATA: {
            const char *closing = scan->state == COMMENT ? "-->" : "]]>";
            if (scan->matched == 0) at = find(at, end, closing[0]);
            if (at < end) {
                scan->matched = match(scan->matched, closing, 3, *at++);
                if (scan->matched == 3) scan->state = TEXT;
            }
            break;
        }
        case INSTRUCTION:
            if (scan->matched == 0) at = find(at, end, '?');
            if (at < end) {
                scan->matched = match(scan->matched, "?>", 2, *at++);
                if (scan->matched == 2) scan->state = TEXT;
            }
            break;
        case END_TAG:
            at = find(at, end, '>');
            if (at < end) {
                at++;
                scan->state = TEXT;
            }
            break;
        case TAG: {
            const unsigned char *from = at;
            while (at < end && *at != '>' && *at != '"' && *at != '\'') at++;
            scan->tagBytes += at - from + (at < end);
            if (scan->tagBytes > POPL_XML_TAG_BYTES_LIMIT)
                return refuse(scan, POPL_XML_TAG_TOO_LONG, bytes, at - bytes, line);
            if (at < end) {
                if (*at == '>') {
                    scan->state = TEXT;
                } else {
                    scan->state = *at == '"' ? DOUBLE_QUOTED : SINGLE_QUOTED;
                    if (++scan->attributes > POPL_XML_ATTRIBUTES_LIMIT)
                        return refuse(scan, POPL_XML_TOO_MANY_ATTRIBUTES, bytes, at - bytes, line);
                }
                at++;
            }
            break;
        }
        default: {
            const unsigned char *from = at;
            at = find(at, end, scan->state == DOUBLE_QUOTED ? '"' : '\'');
            scan->tagBytes += at - from + (at < end);
            if (scan->tagBytes > POPL_XML_TAG_BYTES_LIMIT)
                return refuse(scan, POPL_XML_TAG_TOO_LONG, bytes, at - bytes, line);
            if (at < end) {
                at++;
                scan->state = TAG;
            }
        }
        }
    }
    scan->lines += lines_in(bytes, count);
    return 0;
}

int popl_xml_scan_is_inside(const popl_xml_scan *scan) { return scan->state != TEXT; }
