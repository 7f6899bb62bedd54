#include "COpenSSL.h"
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

static _Thread_local EVP_MD_CTX *context;
static _Thread_local EVP_MD *algorithm;

void popl_sha256(const void *bytes, size_t count, uint8_t *out) {
    // A fetched algorithm and a reused context make a row cost 0.3 microseconds instead of 1.
    if (context == NULL) {
        algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
        context = EVP_MD_CTX_new();
        if (algorithm == NULL || context == NULL) abort();
    }
    if (EVP_DigestInit_ex2(context, algorithm, NULL) != 1 ||
        EVP_DigestUpdate(context, bytes, count) != 1 ||
        EVP_DigestFinal_ex(context, out, NULL) != 1) abort();
}

void *popl_sha256_begin(void) {
    EVP_MD_CTX *stream = EVP_MD_CTX_new();
    if (stream == NULL || EVP_DigestInit_ex(stream, EVP_sha256(), NULL) != 1) abort();
    return stream;
}

void popl_sha256_update(void *stream, const void *bytes, size_t count) {
    if (EVP_DigestUpdate(stream, bytes, count) != 1) abort();
}

void popl_sha256_finish(void *stream, uint8_t *out) {
    // The algorithm that the context has already needs no fetching.
    if (EVP_DigestFinal_ex(stream, out, NULL) != 1 || EVP_DigestInit_ex2(stream, NULL, NULL) != 1) abort();
}

void popl_sha256_end(void *stream) { EVP_MD_CTX_free(stream); }

void popl_hmac_sha256(const uint8_t *key, size_t key_count, const void *bytes, size_t count, uint8_t *out) {
    // Without an address OpenSSL would hash nothing at all.
    const void *start = bytes == NULL ? "" : bytes;
    if (HMAC(EVP_sha256(), key, (int)key_count, start, count, out, NULL) == NULL) abort();
}
