#include "CScan.h"
#include "Variants.h"

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

// From `at`, where a sequence begins, one after the other; ASCII in stretches.
static size_t scan(const uint8_t *bytes, size_t at, size_t count, int *cut) {
    while (at < count) {
        while (count - at >= 32 && ascii32(bytes + at)) at += 32;
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

#if POPL_X86
POPL_AVX2_BEGIN
// John Keiser and Daniel Lemire, "Validating UTF-8 in less than one instruction per byte" (2021): three tables over the
// nibbles of each byte and the one before say which pairs are wrong; only what needs a third and fourth byte is left.
enum {
    TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8, SURROGATE = 16, OVERLONG_2 = 32,
    TOO_LARGE_1000 = 64, OVERLONG_4 = 64, TWO_CONTS = -128, CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};

#define TABLE(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) \
    _mm256_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)

static inline __m256i before(__m256i input, __m256i previous, const int n) {
    __m256i shifted = _mm256_permute2x128_si256(previous, input, 0x21);
    return n == 1 ? _mm256_alignr_epi8(input, shifted, 15)
         : n == 2 ? _mm256_alignr_epi8(input, shifted, 14) : _mm256_alignr_epi8(input, shifted, 13);
}

static inline __m256i wrong(__m256i input, __m256i previous) {
    const __m256i nibble = _mm256_set1_epi8(0x0F);
    __m256i one = before(input, previous, 1);
    __m256i high1 = _mm256_shuffle_epi8(
        TABLE(TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
              TWO_CONTS, TWO_CONTS, TWO_CONTS, TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
              TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4),
        _mm256_and_si256(_mm256_srli_epi16(one, 4), nibble));
    __m256i low1 = _mm256_shuffle_epi8(
        TABLE(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY, CARRY | TOO_LARGE,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000),
        _mm256_and_si256(one, nibble));
    __m256i high2 = _mm256_shuffle_epi8(
        TABLE(TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
              TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT),
        _mm256_and_si256(_mm256_srli_epi16(input, 4), nibble));
    __m256i special = _mm256_and_si256(_mm256_and_si256(high1, low1), high2);
    // A byte two after the lead of three, or three after the lead of four, must be a continuation, and no other may.
    __m256i third = _mm256_subs_epu8(before(input, previous, 2), _mm256_set1_epi8((char)(0xE0 - 0x80)));
    __m256i fourth = _mm256_subs_epu8(before(input, previous, 3), _mm256_set1_epi8((char)(0xF0 - 0x80)));
    __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(must, special);
}

// Blocks of 64 as long as they are right. Returns a position at which a sequence begins and before which all is right.
static size_t blocks_avx2(const uint8_t *bytes, size_t count) {
    __m256i previous = _mm256_setzero_si256();
    size_t at = 0;
    for (; count - at >= 64; at += 64) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(bytes + at));
        __m256i b = _mm256_loadu_si256((const __m256i *)(bytes + at + 32));
        __m256i error;
        if (_mm256_movemask_epi8(_mm256_or_si256(a, b)) == 0) {
            // All ASCII: wrong only if a sequence was still open. The last three bytes show it.
            error = _mm256_subs_epu8(previous, _mm256_setr_epi8(
                -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
                -1, -1, -1, (char)(0xF0 - 1), (char)(0xE0 - 1), (char)(0xC0 - 1)));
        } else {
            error = _mm256_or_si256(wrong(a, previous), wrong(b, a));
        }
        if (!_mm256_testz_si256(error, error)) break;
        previous = b;
    }
    for (size_t back = 1; back <= 3 && back <= at; back++) {
        uint8_t byte = bytes[at - back];
        if (byte < 0x80) break;
        if (byte >= 0xC0) return at - back;
    }
    return at;
}
POPL_AVX2_END
#endif

size_t popl_utf8_valid_prefix(const uint8_t *bytes, size_t count, int *cut) {
    size_t at = 0;
    *cut = 0;
#if POPL_X86
    if (popl_has_avx2()) at = blocks_avx2(bytes, count);
#endif
    return scan(bytes, at, count, cut);
}
