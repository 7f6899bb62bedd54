// The walk that finds where elements begin and end. Included once for each instruction set.
#include "Block.h"

static size_t POPL_NAME(elements)(const uint8_t *bytes, size_t from, size_t count, popl_json_state *state,
                                  popl_json_element *elements) {
    uint64_t in_string_carry = state->in_string, escaped_carry = state->escaped;
    int64_t depth = state->depth;
    uint32_t lines = state->lines;
    popl_json_element *element = elements + state->elements;
    size_t at = from;
    state->closed = 0;
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
        uint64_t quotes = POPL_NAME(eq)(block, '"');
        uint64_t slashes = POPL_NAME(eq)(block, '\\');
        uint64_t newlines = POPL_NAME(eq)(block, '\n');
        POPL_NAME(block) folded = POPL_NAME(or)(block, 0x20); // [ and { become one, ] and } the other
        uint64_t open = POPL_NAME(eq)(folded, '{'), close = POPL_NAME(eq)(folded, '}');
        uint64_t escaped = escaped_carry;
        if (slashes == 0) {
            escaped_carry = 0;
        } else {
            // Backslashes are rare: one at a time. An escaped one escapes nothing.
            uint64_t rest = slashes & ~escaped;
            escaped_carry = 0;
            while (rest != 0) {
                uint64_t bit = rest & (0 - rest);
                if (length < 64 ? bit == (uint64_t)1 << (length - 1) : bit >> 63) escaped_carry = 1;
                escaped |= bit << 1;
                rest &= ~(bit | bit << 1);
            }
        }
        quotes &= ~escaped;
        uint64_t in_string = POPL_NAME(prefix_xor)(quotes) ^ in_string_carry;
        in_string_carry = length < 64 ? ((in_string >> (length - 1)) & 1 ? ~(uint64_t)0 : 0)
                                      : (uint64_t)((int64_t)in_string >> 63);
        open &= ~in_string & valid;
        close &= ~in_string & valid;
        int64_t opened = __builtin_popcountll(open), shut = __builtin_popcountll(close);
        if (depth > shut) {
            depth += opened - shut;
        } else {
            uint64_t brackets = open | close;
            while (brackets != 0) {
                uint64_t bit = brackets & (0 - brackets);
                uint32_t position = (uint32_t)at + (uint32_t)__builtin_ctzll(brackets);
                brackets &= brackets - 1;
                if (open & bit) {
                    if (depth == 0) {
                        state->start = position;
                        state->start_lines = lines + (uint32_t)__builtin_popcountll(newlines & (bit - 1));
                    }
                    depth++;
                } else if (depth == 0) {
                    state->closed = 1;
                    lines += (uint32_t)__builtin_popcountll(newlines & (bit - 1));
                    at = position;
                    goto done;
                } else if (--depth == 0) {
                    element->start = state->start;
                    element->end = position + 1;
                    element->lines = state->start_lines;
                    element++;
                }
            }
        }
        lines += (uint32_t)__builtin_popcountll(newlines & valid);
        at += length;
    }
done:
    state->in_string = in_string_carry;
    state->escaped = escaped_carry;
    state->depth = depth;
    state->lines = lines;
    state->elements = (uint32_t)(element - elements);
    return at;
}
#undef POPL_NAME
#undef POPL_JOIN
#undef POPL_JOIN2
