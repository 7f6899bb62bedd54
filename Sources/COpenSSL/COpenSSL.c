#include "COpenSSL.h"
#include <openssl/evp.h>
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
