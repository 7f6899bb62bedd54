#include "COpenSSL.h"
#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

static bool read_date(const ASN1_TIME *date, int64_t *out) {
    struct tm parts;
    if (date == NULL || ASN1_TIME_to_tm(date, &parts) != 1) return false;
    *out = (int64_t)timegm(&parts);
    return true;
}

static void read_name(const X509_NAME *name, char *out) {
    BIO *line = BIO_new(BIO_s_mem());
    if (line == NULL) return;
    // RFC 2253, but with UTF-8 instead of an escape for each of its bytes: people read it.
    unsigned long flags = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    if (X509_NAME_print_ex(line, name, 0, flags) >= 0) {
        char *bytes = NULL;
        long count = BIO_get_mem_data(line, &bytes);
        long length = count < POPL_CERTIFICATE_SUBJECT_BYTES ? count : POPL_CERTIFICATE_SUBJECT_BYTES - 1;
        if (length < count) while (length > 0 && ((unsigned char)bytes[length] & 0xC0) == 0x80) length--;
        if (length > 0) memcpy(out, bytes, (size_t)length);
        out[length > 0 ? length : 0] = 0;
    }
    BIO_free(line);
}

// As text: what could be mistaken for more than one name, or does not fit, is left out.
static void add_name(char *names, const char *text, size_t count) {
    size_t used = strlen(names), separator = used > 0 ? 2 : 0;
    if (count == 0 || used + separator + count + 1 > POPL_CERTIFICATE_SUBJECT_BYTES) return;
    for (size_t i = 0; i < count; i++) if (text[i] <= ' ' || text[i] > '~' || text[i] == ',') return;
    if (separator > 0) memcpy(names + used, ", ", 2);
    memcpy(names + used + separator, text, count);
    names[used + separator + count] = 0;
}

static void read_alternative_names(X509 *certificate, char *out) {
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int type = 0;
        const ASN1_STRING *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
        const unsigned char *bytes = type == GEN_DNS || type == GEN_IPADD ? ASN1_STRING_get0_data(value) : NULL;
        if (bytes == NULL) continue;
        char text[INET6_ADDRSTRLEN];
        int count = ASN1_STRING_length(value);
        if (type == GEN_DNS) add_name(out, (const char *)bytes, (size_t)count);
        else if ((count == 4 || count == 16) &&
                 inet_ntop(count == 4 ? AF_INET : AF_INET6, bytes, text, sizeof text) != NULL)
            add_name(out, text, strlen(text));
    }
    GENERAL_NAMES_free(names);
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
        read_name(X509_get_subject_name(certificate), out->subject);
        read_name(X509_get_issuer_name(certificate), out->issuer);
        read_alternative_names(certificate, out->names);
        read_key(certificate, out);
        read_signature_digest(certificate, out);
    }
    X509_free(certificate);
    // What went wrong is told by the result; the thread's error queue is left as empty as it was.
    ERR_clear_error();
    return whole;
}
