// Scanning bytes in blocks of 64: what Swift cannot yet say without losing the vector instructions.
//
// Nothing here allocates, keeps state of its own, or reads outside the ranges it is given. Where the processor allows
// it (asked once, at run time) the AVX2 variants run; SSE2, NEON and plain C give the same answers.
#ifndef POPL_CSCAN_H
#define POPL_CSCAN_H

#include <stddef.h>
#include <stdint.h>

// ---- UTF-8 ----------------------------------------------------------------------------------------------------

/// How many of the first bytes are whole, valid UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
/// U+10FFFF). `*cut` becomes 1 when the rest is the beginning of a valid sequence that the range cuts off, else 0.
size_t popl_utf8_valid_prefix(const uint8_t *bytes, size_t count, int *cut);

// ---- CSV ------------------------------------------------------------------------------------------------------

/// A record found by `popl_csv_index`.
typedef struct {
    /// How many field ends were found up to and with this record's last one.
    uint32_t field_end;
    /// How many line ends were found inside quotes before this record's end.
    uint32_t quoted_lines;
    /// Of the `POPL_CSV_*` flags.
    uint32_t flags;
} popl_csv_record;

enum {
    /// A doubled quote stands in some field of the record.
    POPL_CSV_ESCAPES = 1,
    /// A NUL stands somewhere in the record.
    POPL_CSV_NUL = 2,
};

typedef struct {
    uint64_t inside;       // all ones inside quotes, else 0
    uint64_t may_open;     // 1 when the byte before lets a quote open: start, delimiter, line end, closing quote
    uint64_t after_close;  // 1 when the byte before was a closing quote
    uint64_t after_cr;     // 1 when the byte before was a CR
    uint32_t fields;       // field ends written so far
    uint32_t records;      // records written so far
    uint32_t quoted_lines; // line ends inside quotes so far
    uint32_t flags;        // of the record that has begun
    /// Set when the walk stopped at a byte that quote parity cannot judge: a quote inside an unquoted field, or text
    /// after a closing quote. What was written before that byte stands.
    int irregular;
} popl_csv_state;

/// Walks `bytes[from..<count]` from a state in which the byte at `from` begins a record or goes on from the last walk.
/// Writes the position of the byte after each field (a delimiter or the first byte of a line end) and each record.
/// `ends` needs room for 72 entries more than there are bytes, `records` for as many as there are bytes.
/// Returns the position where it stopped: `count`, or the irregular byte.
size_t popl_csv_index(const uint8_t *bytes, size_t from, size_t count, uint8_t delimiter, uint8_t quote,
                      popl_csv_state *state, uint32_t *ends, popl_csv_record *records);

// ---- JSON -----------------------------------------------------------------------------------------------------

/// An object or array found by `popl_json_elements`.
typedef struct {
    uint32_t start;
    /// After the closing bracket.
    uint32_t end;
    /// LFs before `start`, counted from where the state began.
    uint32_t lines;
} popl_json_element;

typedef struct {
    uint64_t in_string; // all ones inside a string, else 0
    uint64_t escaped;   // 1 when the byte before was a backslash that escapes the next
    int64_t depth;      // brackets open
    uint32_t lines;     // LFs so far
    uint32_t start;     // of the element that is open
    uint32_t start_lines;
    uint32_t elements;  // written so far
    /// Set when the walk stopped at a closing bracket of what the elements stand in.
    int closed;
} popl_json_state;

/// Walks `bytes[from..<count]` and writes every object or array that begins at depth 0 and is complete. Brackets are
/// only counted: whoever reads an element checks it. `elements` needs room for one entry for every two bytes.
/// Returns the position where it stopped: `count`, or the closing bracket at depth 0.
size_t popl_json_elements(const uint8_t *bytes, size_t from, size_t count, popl_json_state *state,
                          popl_json_element *elements);

// ---- Strings of JSON, inlined into the caller --------------------------------------------------------------------

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#endif

/// The first of `"`, `\` or a control character (below U+0020) in `p..<end`, or `end`.
static inline __attribute__((always_inline)) const uint8_t *popl_json_string_run(const uint8_t *p, const uint8_t *end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
    while (end - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)p);
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)),
                                   _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
        int mask = _mm_movemask_epi8(hit);
        if (mask != 0) return p + __builtin_ctz((unsigned)mask);
        p += 16;
    }
#elif defined(__aarch64__) && defined(__ARM_NEON)
    while (end - p >= 16) {
        uint8x16_t v = vld1q_u8(p);
        uint8x16_t hit = vorrq_u8(vorrq_u8(vceqq_u8(v, vdupq_n_u8('"')), vceqq_u8(v, vdupq_n_u8('\\'))),
                                  vcltq_u8(v, vdupq_n_u8(0x20)));
        uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(hit), 4)), 0);
        if (mask != 0) return p + (__builtin_ctzll(mask) >> 2);
        p += 16;
    }
#endif
    while (p < end && *p != '"' && *p != '\\' && *p >= 0x20) p++;
    return p;
}

/// Whether `count` bytes are equal; cheaper than a call for the short names of JSON members.
static inline int popl_equal(const uint8_t *a, const uint8_t *b, size_t count) {
    while (count >= 8) {
        uint64_t x, y;
        __builtin_memcpy(&x, a, 8);
        __builtin_memcpy(&y, b, 8);
        if (x != y) return 0;
        a += 8;
        b += 8;
        count -= 8;
    }
    while (count > 0) {
        if (*a++ != *b++) return 0;
        count--;
    }
    return 1;
}

#endif
