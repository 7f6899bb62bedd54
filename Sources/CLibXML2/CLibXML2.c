#include "CLibXML2.h"
#include "Scan.h"
#include "Transcode.h"
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/// Large enough that reading costs nothing, small enough to stay in the second-level cache.
#define PIECE_BYTES (128 * 1024)

typedef struct {
    const popl_xml_handler *handler;
    xmlParserCtxtPtr parser;
    popl_xml_outcome outcome;

    popl_xml_transcoder transcoder;
    popl_xml_scan scan;
    unsigned char *piece;
    /// The scanned UTF-8 that libxml2 has not taken yet: `ready[taken..<available]`. `piece` itself for UTF-8.
    unsigned char *ready;
    int64_t available;
    int64_t taken;
    bool ended;

    int32_t depth;
    /// The depth of the element that is passed over with all that is in it; 0 none.
    int32_t skipDepth;
} reading;

// MARK: Once per process

static xmlParserInputPtr load_nothing(const char *url, const char *id, xmlParserCtxtPtr parser) {
    (void)url, (void)id, (void)parser;
    return NULL;
}

static void prepare(void) {
    xmlInitParser();
    // Process-wide: nothing in this program ever loads what a document names.
    xmlSetExternalEntityLoader(load_nothing);
}

// MARK: Refusals

/// The first refusal stands. libxml2 gets no further bytes after it, so it is done within what it has.
static void refuse(reading *r, int32_t verdict, int64_t line) {
    if (r->outcome.verdict != POPL_XML_WELL_FORMED) return;
    r->outcome.verdict = verdict;
    r->outcome.line = line;
}

static bool refused(const reading *r) { return r->outcome.verdict != POPL_XML_WELL_FORMED; }

static int64_t current_line(const reading *r) {
    return r->parser != NULL && r->parser->input != NULL ? r->parser->input->line : 0;
}

static void keep_message(reading *r, const char *message) {
    size_t room = sizeof r->outcome.message - 1, length = message == NULL ? 0 : strlen(message);
    while (length > 0 && (unsigned char)message[length - 1] <= ' ') length--;
    if (length > room) {
        length = room;
        // Not in the middle of a character.
        while (length > 0 && ((unsigned char)message[length] & 0xC0) == 0x80) length--;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)message[i];
        r->outcome.message[i] = byte < ' ' || byte == 0x7F ? ' ' : (char)byte;
    }
    r->outcome.message[length] = 0;
}

/// Whether libxml2 stumbles over the end of the input: over nothing, over the beginning of `/>`, or over a part of a
/// character. It makes the difference between "download it again" and "somebody edited it", and no other.
static bool at_end(const reading *r) {
    if (!r->ended || r->taken != r->available) return false;
    const xmlParserInput *input = r->parser == NULL ? NULL : r->parser->input;
    if (input == NULL || input->cur >= input->end) return true;
    return input->end - input->cur < 4 && (popl_xml_scan_is_inside(&r->scan) || *input->cur >= 0x80);
}

/// libxml2's structured error callback, of the context and of the thread: I/O errors know no context.
static void note_error(void *context, xmlErrorPtr error) {
    reading *r = context;
    // Warnings (a relative namespace URI) are no refusal; every error is, fatal or not: an unbound prefix is only an
    // error to libxml2, and no metadata to us.
    if (error == NULL || error->level < XML_ERR_ERROR || refused(r)) return;
    int32_t verdict = at_end(r) ? POPL_XML_TRUNCATED : POPL_XML_MALFORMED;
    if (error->code == XML_ERR_NO_MEMORY) verdict = POPL_XML_OUT_OF_MEMORY;
    // libxml2 has no number of its own for this one.
    if (error->code == XML_ERR_INTERNAL_ERROR && r->depth >= (int32_t)xmlParserMaxDepth) verdict = POPL_XML_TOO_DEEP;
    refuse(r, verdict, error->line > 0 ? error->line : current_line(r));
    r->outcome.code = error->code;
    keep_message(r, error->message);
}

// MARK: Bytes for libxml2

/// Reads, transcodes and scans the next piece. False at the end and after a refusal.
static bool fill(reading *r) {
    if (r->ended || refused(r)) return false;
    int64_t count = r->handler->read(r->handler->context, r->piece, PIECE_BYTES);
    if (count < 0 || count > PIECE_BYTES) {
        refuse(r, POPL_XML_UNREADABLE, 0);
        return false;
    }
    if (count == 0) {
        r->ended = true;
        if (!popl_xml_transcode_ended(&r->transcoder)) refuse(r, POPL_XML_BAD_ENCODING, r->scan.lines + 1);
        return false;
    }
    int64_t made = count;
    if (r->ready != r->piece) made = popl_xml_transcode(&r->transcoder, r->piece, count, r->ready);
    if (made < 0) {
        refuse(r, POPL_XML_BAD_ENCODING, r->scan.lines + 1);
        return false;
    }
    int64_t line = 0;
    int32_t verdict = popl_xml_scan_bytes(&r->scan, r->ready, made, &line);
    if (verdict != 0) {
        refuse(r, verdict, line);
        return false;
    }
    r->available = made;
    r->taken = 0;
    return true;
}

static int give_bytes(void *context, char *buffer, int capacity) {
    reading *r = context;
    if (r->parser != NULL && xmlDictSize(r->parser->dict) > POPL_XML_NAMES_LIMIT)
        refuse(r, POPL_XML_TOO_MANY_NAMES, current_line(r));
    // A refusal looks like the end of the input: libxml2 stops within what it holds.
    if (refused(r)) return 0;
    // Half a UTF-16 unit makes no byte: go on to the next piece.
    while (r->taken == r->available) if (!fill(r)) return 0;
    int64_t count = r->available - r->taken;
    if (count > capacity) count = capacity;
    memcpy(buffer, r->ready + r->taken, (size_t)count);
    r->taken += count;
    return (int)count;
}

static int close_nothing(void *context) {
    (void)context;
    return 0;
}

// MARK: Events from libxml2

static void start_element(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaceCount,
    const xmlChar **namespaces, int attributeCount, int defaultedCount, const xmlChar **attributes) {
    (void)prefix, (void)namespaceCount, (void)namespaces, (void)defaultedCount;
    reading *r = context;
    r->depth++;
    if (refused(r)) return;
    // libxml2's stack of declarations holds prefix and URI of each.
    if (r->parser->nsNr > 2 * POPL_XML_NAMESPACES_LIMIT) {
        refuse(r, POPL_XML_TOO_MANY_NAMESPACES, current_line(r));
        return;
    }
    if (r->skipDepth != 0) return;
    popl_xml_element element = {
        .name = (const char *)name, .namespaceURI = (const char *)uri, .line = current_line(r),
        .attributeCount = attributeCount, .attributes = attributes,
    };
    switch (r->handler->start(r->handler->context, &element)) {
    case POPL_XML_DESCEND: break;
    case POPL_XML_SKIP: r->skipDepth = r->depth; break;
    default: refuse(r, POPL_XML_STOPPED, element.line);
    }
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)name, (void)prefix, (void)uri;
    reading *r = context;
    int32_t depth = r->depth--;
    if (refused(r)) return;
    if (r->skipDepth == 0) r->handler->end(r->handler->context);
    else if (r->skipDepth == depth) r->skipDepth = 0;
}

static void give_text(void *context, const xmlChar *bytes, int count) {
    reading *r = context;
    if (r->skipDepth != 0 || refused(r)) return;
    r->handler->text(r->handler->context, (const char *)bytes, count);
}

/// Cannot happen after the scan; if it does, the scan is wrong and the document still refused.
static void refuse_document_type(void *context, const xmlChar *name, const xmlChar *id, const xmlChar *systemID) {
    (void)name, (void)id, (void)systemID;
    reading *r = context;
    refuse(r, POPL_XML_DECLARATION, current_line(r));
    xmlStopParser(r->parser);
}

const char *popl_xml_attribute(
    const popl_xml_element *element, const char *namespaceURI, const char *name, int64_t *count) {
    // Five pointers each: local name, prefix, URI, value, end of value.
    const xmlChar *const *attribute = element->attributes;
    for (int32_t i = 0; i < element->attributeCount; i++, attribute += 5) {
        bool sameSpace = attribute[2] == NULL || namespaceURI == NULL
            ? (attribute[2] == NULL) == (namespaceURI == NULL)
            : strcmp((const char *)attribute[2], namespaceURI) == 0;
        if (sameSpace && strcmp((const char *)attribute[0], name) == 0) {
            *count = attribute[4] - attribute[3];
            return (const char *)attribute[3];
        }
    }
    *count = 0;
    return NULL;
}

// MARK: The document

static void parse(reading *r) {
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser == NULL) {
        refuse(r, POPL_XML_OUT_OF_MEMORY, 0);
        return;
    }
    r->parser = parser;
    // No handler of the tree, of entities or of declarations: there is nothing for them to do.
    memset(parser->sax, 0, sizeof *parser->sax);
    parser->sax->initialized = XML_SAX2_MAGIC;
    parser->sax->startElementNs = start_element;
    parser->sax->endElementNs = end_element;
    parser->sax->characters = give_text;
    parser->sax->ignorableWhitespace = give_text;
    parser->sax->cdataBlock = give_text;
    parser->sax->internalSubset = refuse_document_type;
    parser->sax->serror = note_error;
    parser->userData = r;
    // Errors that bypass the context come here, on this thread only. NONET only of all that widens or narrows what
    // libxml2 does; IGNORE_ENC because the declaration was obeyed before and these bytes are UTF-8 whatever it says.
    xmlSetStructuredErrorFunc(r, note_error);
    xmlDocPtr document = xmlCtxtReadIO(
        parser, give_bytes, close_nothing, r, NULL, NULL, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (document != NULL) xmlFreeDoc(document);
    // libxml2 may stop without a word; only a clean end counts.
    if (!parser->wellFormed || !parser->nsWellFormed || parser->errNo >= XML_ERR_INTERNAL_ERROR) {
        int32_t verdict = r->ended ? POPL_XML_TRUNCATED : POPL_XML_MALFORMED;
        refuse(r, verdict, current_line(r));
    }
    // Everything must have been asked for: what follows the root belongs to the document too.
    while (!refused(r) && !r->ended) {
        if (fill(r)) refuse(r, POPL_XML_MALFORMED, r->scan.lines + 1);
    }
    xmlFreeParserCtxt(parser);
    r->parser = NULL;
}

popl_xml_outcome popl_xml_read(int32_t encoding, const popl_xml_handler *handler) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, prepare);
    reading r = {.handler = handler, .transcoder = {.encoding = encoding, .halfUnit = -1, .highSurrogate = -1}};
    r.piece = malloc(PIECE_BYTES);
    r.ready = encoding == POPL_XML_UTF8 ? r.piece : malloc(PIECE_BYTES * POPL_XML_TRANSCODED_BYTES_MAX + 4);
    if (r.piece == NULL || r.ready == NULL) refuse(&r, POPL_XML_OUT_OF_MEMORY, 0);
    else parse(&r);
    if (r.ready != r.piece) free(r.ready);
    free(r.piece);
    return r.outcome;
}
