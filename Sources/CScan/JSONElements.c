#include "CScan.h"
#include "Variants.h"

#if POPL_X86
POPL_AVX2_BEGIN
#define POPL_BLOCK 2
#define POPL_SUFFIX _avx2
#include "JSONElementsBody.h"
#undef POPL_BLOCK
#undef POPL_SUFFIX
POPL_AVX2_END
#endif

#define POPL_BLOCK POPL_BASE_BLOCK
#define POPL_SUFFIX _base
#include "JSONElementsBody.h"

size_t popl_json_elements(const uint8_t *bytes, size_t from, size_t count, popl_json_state *state,
                          popl_json_element *elements) {
#if POPL_X86
    if (popl_has_avx2()) return elements_avx2(bytes, from, count, state, elements);
#endif
    return elements_base(bytes, from, count, state, elements);
}
