// Which instruction sets this processor family has, and the choice between them at run time.
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define POPL_X86 1
static inline int popl_has_avx2(void) {
    // Both are cached by the compiler's run-time library: a load and a test.
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("popcnt");
}
#define POPL_AVX2_BEGIN \
    _Pragma("clang attribute push(__attribute__((target(\"avx2,pclmul,bmi,popcnt\"))), apply_to = function)")
#define POPL_AVX2_END _Pragma("clang attribute pop")
#define POPL_BASE_BLOCK 1
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#define POPL_BASE_BLOCK 3
#else
#define POPL_BASE_BLOCK 0
#endif
