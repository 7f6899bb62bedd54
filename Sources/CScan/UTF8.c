#include "CScan.h"
#include <string.h>

// One sequence at `p` (RFC 3629 §4): its length, 0 when it is wrong, -1 when the range ends within it.
static inline int sequence(const uint8_t *p, size_t left) {
    uint8_t first = p[0], low = 0x80, high = 0xBF;
    int length;
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) length = 2;
    else if (first < 0xF0) {
        length = 3;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
    } else if (first < 0xF5) {
        length = 4;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
    } else return 0;
    if (left < 2) return -1;
    if (p[1] < low || p[1] > high) return 0;
    for (int i = 2; i < length; i++) {
        if ((size_t)i >= left) return -1;
        if ((p[i] & 0xC0) != 0x80) return 0;
    }
    return length;
}

static inline int ascii32(const uint8_t *p) {
#if defined(__SSE2__)
    __m128i a = _mm_loadu_si128((const __m128i *)p), b = _mm_loadu_si128((const __m128i *)(p + 16));
    return _mm_movemask_epi8(_mm_or_si128(a, b)) == 0;
#else
    uint64_t w[4];
    memcpy(w, p, 32);
    return ((w[0] | w[1] | w[2] | w[3]) & 0x8080808080808080u) == 0;
#endif
}

size_t popl_utf8_valid_prefix(const uint8_t *bytes, size_t count, int *cut) {
    size_t at = 0;
    *cut = 0;
    while (at < count) {
        while (count - at >= 32 && ascii32(bytes + at)) at += 32;
        // Sequences one by one until the next stretch of 32 may be looked at whole.
        size_t stop = count - at >= 32 ? at + 32 : count;
        while (at < stop) {
            int length = sequence(bytes + at, count - at);
            if (length <= 0) {
                *cut = length < 0;
                return at;
            }
            at += (size_t)length;
        }
    }
    return at;
}
