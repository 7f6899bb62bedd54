#include "COpenSSL.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <string.h>
#include <time.h>

static bool read_date(const ASN1_TIME *date, int64_t *out) {
    struct tm parts;
    if (date == NULL || ASN1_TIME_to_tm(date, &parts) != 1) return false;
    *out = (int64_t)timegm(&parts);
    return true;
}

static void read_subject(X509 *certificate, char *out) {
    BIO *line = BIO_new(BIO_s_mem());
    if (line == NULL) return;
    // RFC 2253, but with UTF-8 instead of an escape for each of its bytes: people read it.
    unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    if (X509_NAME_print_ex(line, X509_get_subject_name(certificate), 0, flags) >= 0) {
        char *bytes = NULL;
        long count = BIO_get_mem_data(line, &bytes);
        long length = count < POPL_CERTIFICATE_SUBJECT_BYTES ? count : POPL_CERTIFICATE_SUBJECT_BYTES - 1;
        if (length < count) while (length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80) length--;
        if (length > 0) memcpy(out, bytes, (size_t)length);
        out[length > 0 ? length : 0] = 0;
    }
    BIO_free(line);
}

static const char *key_type(int identifier) {
    switch (identifier) {
    case EVP_PKEY_RSA: return "RSA";
    case EVP_PKEY_RSA_PSS: return "RSA-PSS";
    case EVP_PKEY_EC: return "EC";
    case EVP_PKEY_DSA: return "DSA";
    case EVP_PKEY_ED25519: return "Ed25519";
    case EVP_PKEY_ED448: return "Ed448";
    default: return NULL;
    }
}

static void read_key(X509 *certificate, popl_certificate *out) {
    unsigned char *der = NULL;
    int count = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (count > 0) popl_sha256(der, (size_t)count, out->spkiSHA256);
    OPENSSL_free(der);
    // NULL for a key that is no key, or of an algorithm that OpenSSL does not know.
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    const char *type = key == NULL ? NULL : key_type(EVP_PKEY_get_base_id(key));
    if (type == NULL || count <= 0) return;
    strcpy(out->keyType, type);
    out->keyBits = EVP_PKEY_get_bits(key);
    out->usable = out->keyBits > 0;
}

static void read_signature_digest(X509 *certificate, popl_certificate *out) {
    int digest = NID_undef, key = NID_undef;
    if (OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, &key) != 1 || digest == NID_undef) return;
    const char *name = OBJ_nid2sn(digest);
    if (name != NULL && strlen(name) < sizeof out->signatureDigest) strcpy(out->signatureDigest, name);
}

bool popl_certificate_read(const void *bytes, size_t count, popl_certificate *out) {
    memset(out, 0, sizeof *out);
    const unsigned char *at = bytes;
    X509 *certificate = d2i_X509(NULL, &at, (long)count);
    bool whole = certificate != NULL && at == (const unsigned char *)bytes + count;
    if (whole) {
        out->hasDates = read_date(X509_get0_notBefore(certificate), &out->notBefore) &&
                        read_date(X509_get0_notAfter(certificate), &out->notAfter);
        read_subject(certificate, out->subject);
        read_key(certificate, out);
        read_signature_digest(certificate, out);
    }
    X509_free(certificate);
    // What went wrong is told by the result; the thread's error queue is left as empty as it was.
    ERR_clear_error();
    return whole;
}
