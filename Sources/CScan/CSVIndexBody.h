// The CSV walk by quote parity. Included once for each instruction set.
//
// Parity alone is lenient: one bare quote inside an unquoted field would flip the rest of the file. So every quote has
// to stand where RFC 4180 lets it: an opening one after a field's start or after the quote that it doubles, and only
// a field's end or a doubling quote after a closing one. The first byte that breaks this stops the walk.
#include "Block.h"

static inline uint32_t *POPL_NAME(flatten)(uint32_t *out, uint32_t base, uint64_t bits) {
    uint32_t *end = out + __builtin_popcountll(bits);
    // Eight at a time without asking: the entries too many are overwritten, and `ends` has room for them.
    while (bits != 0) {
        for (int i = 0; i < 8; i++) {
            out[i] = base + (uint32_t)(bits ? __builtin_ctzll(bits) : 0);
            bits &= bits - 1;
        }
        out += 8;
    }
    return end;
}

static size_t POPL_NAME(index)(const uint8_t *bytes, size_t from, size_t count, uint8_t delimiter, uint8_t quote,
                               popl_csv_state *state, uint32_t *ends, popl_csv_record *records) {
    uint64_t inside_carry = state->inside, may_open = state->may_open, after_close = state->after_close;
    uint64_t after_cr = state->after_cr;
    uint32_t quoted_lines = state->quoted_lines, flags = state->flags;
    uint32_t *out = ends + state->fields;
    popl_csv_record *record = records + state->records;
    size_t at = from;
    state->irregular = 0;
    while (at < count) {
        POPL_NAME(block) block;
        size_t length = count - at;
        uint64_t valid = ~(uint64_t)0;
        if (length >= 64) {
            block = POPL_NAME(load)(bytes + at);
            length = 64;
        } else {
            uint8_t padded[64] = { 0 };
            memcpy(padded, bytes + at, length);
            block = POPL_NAME(load)(padded);
            valid = ((uint64_t)1 << length) - 1;
        }
        uint64_t quotes = POPL_NAME(eq)(block, quote);
        uint64_t lf = POPL_NAME(eq)(block, '\n');
        uint64_t cr = POPL_NAME(eq)(block, '\r');
        uint64_t nul = POPL_NAME(eq)(block, 0) & valid;
        uint64_t inside = inside_carry;
        uint64_t outside_ends = POPL_NAME(eq)(block, delimiter) | lf | cr;
        uint64_t escapes = 0, irregular = 0;
        if ((quotes | after_close) != 0) {
            inside ^= POPL_NAME(prefix_xor)(quotes);
            uint64_t opening = quotes & inside, closing = quotes & ~inside;
            outside_ends &= ~inside;
            uint64_t may = ((outside_ends | closing) << 1) | may_open;
            uint64_t after = (closing << 1) | after_close;
            irregular = ((opening & ~may) | (after & ~(outside_ends | opening))) & valid;
            escapes = opening & after;
            after_close = closing >> 63;
            may_open = (outside_ends | closing) >> 63;
            inside_carry = (uint64_t)((int64_t)inside >> 63);
        } else {
            outside_ends &= ~inside;
            may_open = outside_ends >> 63;
        }
        // A CRLF ends a record at its CR; its LF ends nothing.
        uint64_t second = lf & ((cr << 1) | after_cr);
        after_cr = cr >> 63;
        uint64_t lines = (lf | cr) & ~second;
        uint64_t field_ends = outside_ends & ~second;
        uint64_t record_ends = lines & ~inside;
        uint64_t line_ends_inside = lines & inside;
        if (irregular != 0) {
            uint64_t before = (irregular & (0 - irregular)) - 1;
            valid &= before;
        }
        field_ends &= valid;
        record_ends &= valid;
        line_ends_inside &= valid;
        uint64_t events = 0;
        while (record_ends != 0) {
            uint64_t upto = record_ends ^ (record_ends - 1); // the end and every bit below it
            record_ends &= record_ends - 1;
            uint64_t own = upto & ~events;
            events = upto;
            if (escapes & own) flags |= POPL_CSV_ESCAPES;
            if (nul & own) flags |= POPL_CSV_NUL;
            record->field_end = (uint32_t)(out - ends) + (uint32_t)__builtin_popcountll(field_ends & upto);
            record->quoted_lines = quoted_lines + (uint32_t)__builtin_popcountll(line_ends_inside & upto);
            record->flags = flags;
            record++;
            flags = 0;
        }
        if (escapes & valid & ~events) flags |= POPL_CSV_ESCAPES;
        if (nul & ~events) flags |= POPL_CSV_NUL;
        quoted_lines += (uint32_t)__builtin_popcountll(line_ends_inside);
        out = POPL_NAME(flatten)(out, (uint32_t)at, field_ends);
        if (irregular != 0) {
            state->irregular = 1;
            at += (size_t)__builtin_ctzll(irregular);
            break;
        }
        if (length < 64) {
            // The carries of a short block stand at its last byte, not at bit 63.
            uint64_t last = (uint64_t)1 << (length - 1);
            uint64_t closing = quotes & ~inside;
            inside_carry = (inside & last) ? ~(uint64_t)0 : 0;
            may_open = ((outside_ends | closing) & last) != 0;
            after_close = (closing & last) != 0;
            after_cr = (cr & last) != 0;
        }
        at += length;
    }
    state->inside = inside_carry;
    state->may_open = may_open;
    state->after_close = after_close;
    state->after_cr = after_cr;
    state->quoted_lines = quoted_lines;
    state->flags = flags;
    state->fields = (uint32_t)(out - ends);
    state->records = (uint32_t)(record - records);
    return at;
}
#undef POPL_NAME
#undef POPL_JOIN
#undef POPL_JOIN2
