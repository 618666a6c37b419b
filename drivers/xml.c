/* Reads the form xml: a document is pushed through libxml2 as it arrives, never kept. Lines before
 * the first "<" and behind the root element are read like any other reply's: prompts, refusals, the
 * total. */
#include <libxml/parser.h>

#include "base/log.h"
#include "drivers/map.h"

enum { DICTIONARY_BYTES = 1 << 20 }; /* distinct names of a hostile document */

/* The map's names in the parser's dictionary, where each name lies once: there two are compared by
 * where they lie. */
struct names {
	const xmlChar *record;
	struct {
		const xmlChar *name, *attr;
	} nodes[MAP_NODES];
	const xmlChar *attrs[LIMIT_PATTERNS]; /* of fields */
};

struct xml {
	xmlParserCtxtPtr parser; /* NULL between documents */
	struct names names;
	unsigned depth;
	int path[LIMIT_XML_DEPTH];
	size_t text_at;    /* where the text of this element begins in the record */
	size_t text_bytes; /* text since the last tag */
	bool closed;       /* the root element has ended */
};

/* libxml2 gives an attribute as five pointers: name, prefix, URI, begin and end of the value. */
static struct text
attribute(const xmlChar **attributes, int n, const xmlChar *name)
{
	for (int i = 0; i < n; i++) {
		const xmlChar **a = attributes + 5 * i;

		if (a[0] == name)
			return (struct text){ (const char *)a[3], (size_t)(a[4] - a[3]) };
	}
	return (struct text){ 0 };
}

/* The first field that an element fills, or -1. */
static int
first_field(const struct map *map, int node)
{
	return node >= 0 ? map->nodes[node].field : node == MAP_RECORD ? map->field : -1;
}

static int
child_of(
    const struct reply *reply, int parent, const xmlChar *name, const xmlChar **attributes, int n)
{
	const struct map *map = reply->program->map;
	const struct names *names = &reply->xml->names;
	const struct map_node *node;
	int i = parent == MAP_RECORD ? map->child : parent < 0 ? -1 : map->nodes[parent].child;

	for (; i >= 0; i = node->sibling) {
		node = &map->nodes[i];
		if (names->nodes[i].name == name &&
		    (!node->attr ||
			text_is(attribute(attributes, n, names->nodes[i].attr), node->value)))
			return i;
	}
	return MAP_UNKNOWN;
}

static void
start_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
    int n_spaces, const xmlChar **spaces, int n, int n_defaulted, const xmlChar **attributes)
{
	struct reply *reply = user;
	struct xml *xml = reply->xml;
	const struct map *map = reply->program->map;
	int at = xml->depth > 0 ? xml->path[xml->depth - 1] : MAP_OUTSIDE;

	(void)prefix, (void)uri, (void)n_spaces, (void)spaces, (void)n_defaulted;
	if (reply->stopped)
		return;
	if (xml->depth == LIMIT_XML_DEPTH) {
		reply_stop(
		    reply, REASON_LIMIT, "XML elements are nested deeper than %d", LIMIT_XML_DEPTH);
		xmlStopParser(xml->parser);
		return;
	}
	if (at != MAP_OUTSIDE) {
		at = child_of(reply, at, local, attributes, n);
	} else if (local == xml->names.record) {
		at = MAP_RECORD;
		document_open_record(reply);
	} else if (!document_wrapper(reply, "<", text_of((const char *)local), ">")) {
		reply->document.has_unread = true;
	}
	xml->path[xml->depth++] = at;
	for (int i = first_field(map, at); i >= 0; i = map->fields[i].next) {
		const struct map_field *f = &map->fields[i];
		struct text value;

		if (!f->attr)
			continue;
		value = attribute(attributes, n, xml->names.attrs[i]);
		if (value.n > 0 && (value = document_keep(reply, value.s, value.n)).n > 0)
			document_field(reply, i, value);
	}
	xml->text_at = reply->record->used;
	xml->text_bytes = 0;
}

static void
end_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct reply *reply = user;
	struct xml *xml = reply->xml;
	const struct map *map = reply->program->map;
	struct record *r = reply->record;
	int at;

	(void)local, (void)prefix, (void)uri;
	if (reply->stopped || xml->depth == 0)
		return;
	at = xml->path[--xml->depth];
	if (at >= 0 && r->used > xml->text_at) {
		struct text text = { r->text + xml->text_at, r->used - xml->text_at };

		for (int i = map->nodes[at].field; i >= 0; i = map->fields[i].next)
			if (!map->fields[i].attr)
				document_field(reply, i, text);
	}
	if (at == MAP_RECORD)
		document_close_record(reply);
	xml->text_at = r->used;
	xml->text_bytes = 0;
	xml->closed = xml->depth == 0;
}

static void
characters(void *user, const xmlChar *bytes, int n)
{
	struct reply *reply = user;
	struct xml *xml = reply->xml;
	struct text text = { (const char *)bytes, (size_t)n };
	int at = xml->depth > 0 ? xml->path[xml->depth - 1] : MAP_OUTSIDE;

	if (reply->stopped)
		return;
	xml->text_bytes += text.n;
	if (xml->text_bytes > LIMIT_XML_TEXT) {
		reply_stop(
		    reply, REASON_LIMIT, "an XML element has more than %d bytes", LIMIT_XML_TEXT);
		xmlStopParser(xml->parser);
		return;
	}
	if (at >= 0)
		document_keep(reply, text.s, text.n);
	for (size_t i = 0; at == MAP_OUTSIDE && i < text.n; i++)
		if (!strchr(" \t\r\n", text.s[i]))
			reply->document.has_unread = true;
}

static void
refuse_doctype(void *user, const xmlChar *name, const xmlChar *id, const xmlChar *file)
{
	struct reply *reply = user;

	(void)name, (void)id, (void)file;
	reply_stop(reply, REASON_UNREAD, "the XML has a document type, which a table never needs");
	xmlStopParser(reply->xml->parser);
}

static void
note_error(void *user, xmlErrorPtr error)
{
	struct reply *reply = user;
	struct text message = text_of(error->message);
	char what[80];

	if (error->level < XML_ERR_ERROR)
		return;
	while (message.n > 0 && message.s[message.n - 1] == '\n')
		message.n--;
	text_escape(message, what, sizeof(what));
	reply_stop(reply, REASON_UNREAD, "the XML is not well-formed in line %lu: %s",
	    (unsigned long)reply->account.lines + 1, what);
}

/* What libxml2 says without a parser, of an encoding for example, would go to stderr as it is. */
static void
be_quiet(void *user, xmlErrorPtr error)
{
	(void)user, (void)error;
}

static const xmlChar *
intern(struct xml *xml, const char *name)
{
	const xmlChar *interned = name ? xmlDictLookup(xml->parser->dict, (const xmlChar *)name, -1)
				       : NULL;

	if (name && !interned)
		log_fatal("no memory for the names of an XML document");
	return interned;
}

static void
intern_names(struct xml *xml, const struct map *map)
{
	struct names *names = &xml->names;

	names->record = intern(xml, map->record);
	for (unsigned i = 0; i < map->n; i++) {
		names->nodes[i].name = intern(xml, map->nodes[i].name);
		names->nodes[i].attr = intern(xml, map->nodes[i].attr);
	}
	for (unsigned i = 0; i < map->n_fields; i++)
		names->attrs[i] = intern(xml, map->fields[i].attr);
}

static void
open_document(struct reply *reply)
{
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = start_element,
		.endElementNs = end_element,
		.characters = characters,
		.cdataBlock = characters,
		.internalSubset = refuse_doctype,
		.serror = note_error,
	};
	struct xml *xml = reply->xml;

	xmlSetStructuredErrorFunc(NULL, be_quiet);
	xml->parser = xmlCreatePushParserCtxt(&sax, reply, NULL, 0, NULL);
	if (!xml->parser)
		log_fatal("no memory for an XML parser");
	xmlCtxtUseOptions(xml->parser, XML_PARSE_NONET | XML_PARSE_NOWARNING);
	xmlDictSetLimit(xml->parser->dict, DICTIONARY_BYTES);
	intern_names(xml, reply->program->map);
	xml->depth = 0;
	xml->closed = false;
}

static void
close_document(struct xml *xml)
{
	if (xml->parser)
		xmlFreeParserCtxt(xml->parser);
	xml->parser = NULL;
}

static void
push(struct reply *reply, const char *bytes, size_t n)
{
	if (n == 0)
		return;
	reply->document.has_bytes = true;
	if (xmlParseChunk(reply->xml->parser, bytes, (int)n, 0) != XML_ERR_OK && !reply->stopped)
		reply_stop(reply, REASON_UNREAD, "the XML is not well-formed in line %lu",
		    (unsigned long)reply->account.lines + 1);
}

static void
end_line(struct reply *reply, struct text line)
{
	document_end_line(reply, line);
	if (reply->xml->closed)
		close_document(reply->xml);
}

int
xml_feed(struct reply *reply, const char *bytes, size_t n)
{
	const char *end = bytes + n;

	while (bytes < end && !reply->stopped) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		struct text piece = { bytes, (size_t)((newline ? newline + 1 : end) - bytes) };

		bytes += piece.n;
		if (!reply->xml->parser && !document_begins(reply, piece, "<")) {
			reply_feed_lines(reply, piece.s, piece.n);
			continue;
		}
		if (!reply->xml->parser) {
			open_document(reply);
			text_skip_blanks(&piece); /* not even a blank may precede <?xml */
			reply->carried = 0;
		}
		push(reply, piece.s, piece.n);
		if (newline || reply->stopped)
			end_line(reply, piece);
	}
	return reply->stopped ? -1 : 0;
}

void
xml_end(struct reply *reply, bool whole)
{
	struct xml *xml = reply->xml;
	struct text rest = { "", 0 };

	if (!xml->parser || reply->stopped)
		return;
	if (!xml->closed && whole)
		reply_stop(reply, REASON_CUT, "the XML ends before its root element does");
	if (!whole)
		reply->document.has_unread = true;
	if (reply->document.has_bytes)
		end_line(reply, rest);
}

struct xml *
xml_new(void)
{
	return mem_alloc(1, sizeof(struct xml));
}

void
xml_free(struct xml *xml)
{
	if (!xml)
		return;
	close_document(xml);
	free(xml);
}
