#ifndef POPL_CLIBXML2_H
#define POPL_CLIBXML2_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The door to libxml2 2.9.14: a stream of elements, attributes and text out of bytes that nobody trusts.
//
// One pass over the input: bytes are read, transcoded to UTF-8, scanned, and only then given to libxml2, so what was
// scanned is exactly what is parsed. No tree is built: memory does not grow with the document. No document type, no
// entity, no network, no file: a document that asks for any of them is refused before libxml2 sees it. Nothing of
// libxml2 is in this header, because Debian's headers pull in ICU's, which clash with Foundation's.
//
// `popl_xml_read` may be called from any thread; it neither blocks other threads nor keeps anything when it returns.

/// How the bytes are written. The caller has read byte order mark and declaration; libxml2 is not asked.
#define POPL_XML_UTF8 0
#define POPL_XML_ASCII 1
#define POPL_XML_LATIN1 2
#define POPL_XML_UTF16_LITTLE 3
#define POPL_XML_UTF16_BIG 4

/// What to do with an element, or with the rest of the document.
#define POPL_XML_DESCEND 0
/// Pass over the element and everything in it: no further call for it, not even its end.
#define POPL_XML_SKIP 1
#define POPL_XML_STOP 2

/// What became of the document.
#define POPL_XML_WELL_FORMED 0
/// libxml2 refused it: `code`, `message`.
#define POPL_XML_MALFORMED 1
/// The same, at the very end of the input: it is cut off.
#define POPL_XML_TRUNCATED 2
/// `<!DOCTYPE`, `<!ENTITY` or any other declaration outside comments and CDATA.
#define POPL_XML_DECLARATION 3
#define POPL_XML_NUL 4
#define POPL_XML_TAG_TOO_LONG 5
#define POPL_XML_TOO_MANY_ATTRIBUTES 6
#define POPL_XML_TOO_MANY_NAMESPACES 7
#define POPL_XML_TOO_DEEP 8
/// A byte that the encoding does not have, half a character, half a surrogate pair.
#define POPL_XML_BAD_ENCODING 9
/// A handler said `POPL_XML_STOP`.
#define POPL_XML_STOPPED 10
/// `read` failed.
#define POPL_XML_UNREADABLE 11
#define POPL_XML_OUT_OF_MEMORY 12
#define POPL_XML_TOO_MANY_NAMES 13

/// Our own limits. libxml2 2.9.14 compares every attribute with every other of its tag, looks a prefix up through every
/// declaration in scope, and keeps all names in a table that stops growing: each would let a small file cost minutes.
#define POPL_XML_TAG_BYTES_LIMIT 65536
#define POPL_XML_ATTRIBUTES_LIMIT 128
#define POPL_XML_NAMESPACES_LIMIT 512
/// Different names, prefixes and namespaces in one document; federations of thousands have some hundreds.
#define POPL_XML_NAMES_LIMIT 20000

/// Valid only during the call that it is handed to.
typedef struct popl_xml_element {
    /// Local name, NUL-terminated UTF-8.
    const char *_Nonnull name;
    /// NUL-terminated UTF-8; NULL in no namespace.
    const char *_Nullable namespaceURI;
    /// Of the end of the start tag, from 1.
    int64_t line;
    int32_t attributeCount;
    const void *_Nullable attributes;
} popl_xml_element;

typedef struct popl_xml_handler {
    void *_Nullable context;
    /// Fills `buffer` with 1 to `capacity` bytes and returns how many; 0 at the end, negative on failure.
    int64_t (*_Nonnull read)(void *_Nullable context, void *_Nonnull buffer, int64_t capacity);
    int32_t (*_Nonnull start)(void *_Nullable context, const popl_xml_element *_Nonnull element);
    /// Character data of the innermost element that was descended into, in any number of pieces; CDATA too, comments
    /// never. Not NUL-terminated.
    void (*_Nonnull text)(void *_Nullable context, const char *_Nonnull bytes, int64_t count);
    /// Of an element that was descended into.
    void (*_Nonnull end)(void *_Nullable context);
} popl_xml_handler;

typedef struct popl_xml_outcome {
    int32_t verdict;
    /// libxml2's error number, 0 when it is not libxml2 that refused.
    int32_t code;
    /// Where, from 1; 0 when it cannot be told.
    int64_t line;
    /// libxml2's words with control characters replaced: they may quote the document.
    char message[256];
} popl_xml_outcome;

/// Parses one document to its end.
popl_xml_outcome popl_xml_read(int32_t encoding, const popl_xml_handler *_Nonnull handler);

/// The value of an attribute in `namespaceURI` (NULL: in none), or NULL if the element does not have it. Not
/// NUL-terminated; `count` gets its length. A literal ampersand comes as `&#38;`, and only so; nothing else is escaped.
const char *_Nullable popl_xml_attribute(
    const popl_xml_element *_Nonnull element, const char *_Nullable namespaceURI, const char *_Nonnull name,
    int64_t *_Nonnull count);

#endif
