#include "CScan.h"
#include "Variants.h"

#if POPL_X86
POPL_AVX2_BEGIN
#define POPL_BLOCK 2
#define POPL_SUFFIX _avx2
#include "CSVIndexBody.h"
#undef POPL_BLOCK
#undef POPL_SUFFIX
POPL_AVX2_END
#endif

#define POPL_BLOCK POPL_BASE_BLOCK
#define POPL_SUFFIX _base
#include "CSVIndexBody.h"

size_t popl_csv_index(const uint8_t *bytes, size_t from, size_t count, uint8_t delimiter, uint8_t quote,
                      popl_csv_state *state, uint32_t *ends, popl_csv_record *records) {
#if POPL_X86
    if (popl_has_avx2()) return index_avx2(bytes, from, count, delimiter, quote, state, ends, records);
#endif
    return index_base(bytes, from, count, delimiter, quote, state, ends, records);
}
