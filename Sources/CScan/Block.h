// A block of 64 bytes and the one question asked of it: which of them equal this byte, as 64 bits, lowest first.
// Included once for each instruction set; `POPL_BLOCK` says which.
#define POPL_JOIN2(a, b) a##b
#define POPL_JOIN(a, b) POPL_JOIN2(a, b)
#define POPL_NAME(name) POPL_JOIN(name, POPL_SUFFIX)

#if POPL_BLOCK == 2 // AVX2
typedef struct { __m256i a, b; } POPL_NAME(block);
static inline POPL_NAME(block) POPL_NAME(load)(const uint8_t *p) {
    return (POPL_NAME(block)){ _mm256_loadu_si256((const __m256i *)p), _mm256_loadu_si256((const __m256i *)(p + 32)) };
}
static inline uint64_t POPL_NAME(eq)(POPL_NAME(block) v, uint8_t byte) {
    __m256i x = _mm256_set1_epi8((char)byte);
    uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v.a, x));
    uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v.b, x));
    return low | high << 32;
}
static inline POPL_NAME(block) POPL_NAME(or)(POPL_NAME(block) v, uint8_t bits) {
    __m256i x = _mm256_set1_epi8((char)bits);
    return (POPL_NAME(block)){ _mm256_or_si256(v.a, x), _mm256_or_si256(v.b, x) };
}
static inline uint64_t POPL_NAME(prefix_xor)(uint64_t bits) {
    __m128i ones = _mm_set1_epi8((char)0xFF);
    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), ones, 0));
}
#else
#if POPL_BLOCK == 1 // SSE2
typedef struct { __m128i v[4]; } POPL_NAME(block);
static inline POPL_NAME(block) POPL_NAME(load)(const uint8_t *p) {
    POPL_NAME(block) r;
    for (int i = 0; i < 4; i++) r.v[i] = _mm_loadu_si128((const __m128i *)(p + 16 * i));
    return r;
}
static inline uint64_t POPL_NAME(eq)(POPL_NAME(block) v, uint8_t byte) {
    __m128i x = _mm_set1_epi8((char)byte);
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) bits |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v.v[i], x)) << (16 * i);
    return bits;
}
static inline POPL_NAME(block) POPL_NAME(or)(POPL_NAME(block) v, uint8_t bits) {
    for (int i = 0; i < 4; i++) v.v[i] = _mm_or_si128(v.v[i], _mm_set1_epi8((char)bits));
    return v;
}
#elif POPL_BLOCK == 3 // NEON
typedef struct { uint8x16_t v[4]; } POPL_NAME(block);
static inline POPL_NAME(block) POPL_NAME(load)(const uint8_t *p) {
    POPL_NAME(block) r;
    for (int i = 0; i < 4; i++) r.v[i] = vld1q_u8(p + 16 * i);
    return r;
}
static inline uint64_t POPL_NAME(eq)(POPL_NAME(block) v, uint8_t byte) {
    static const uint8_t weights[16] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
    uint8x16_t weight = vld1q_u8(weights), x = vdupq_n_u8(byte), m[4];
    for (int i = 0; i < 4; i++) m[i] = vandq_u8(vceqq_u8(v.v[i], x), weight);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(m[0], m[1]), vpaddq_u8(m[2], m[3]));
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}
static inline POPL_NAME(block) POPL_NAME(or)(POPL_NAME(block) v, uint8_t bits) {
    for (int i = 0; i < 4; i++) v.v[i] = vorrq_u8(v.v[i], vdupq_n_u8(bits));
    return v;
}
#else // plain C
typedef struct { uint8_t v[64]; } POPL_NAME(block);
static inline POPL_NAME(block) POPL_NAME(load)(const uint8_t *p) {
    POPL_NAME(block) r;
    memcpy(r.v, p, 64);
    return r;
}
static inline uint64_t POPL_NAME(eq)(POPL_NAME(block) v, uint8_t byte) {
    uint64_t bits = 0;
    for (int i = 0; i < 64; i++) bits |= (uint64_t)(v.v[i] == byte) << i;
    return bits;
}
static inline POPL_NAME(block) POPL_NAME(or)(POPL_NAME(block) v, uint8_t bits) {
    for (int i = 0; i < 64; i++) v.v[i] |= bits;
    return v;
}
#endif
static inline uint64_t POPL_NAME(prefix_xor)(uint64_t bits) {
    for (int shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
    return bits;
}
#endif
