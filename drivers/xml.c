/* Reads the form xml: a document is pushed through libxml2 as it arrives, never kept.
 *
 * The account counts lines of text here too. A line is a row when a record ended in it or lies
 * over it, unread when one of those did not read or when something stood outside of records that
 * the driver does not name, noise otherwise. Lines before the first "<" and behind the root
 * element are read like any other reply's: prompts, refusals, the total. */
#include <libxml/parser.h>

#include "base/log.h"
#include "drivers/xml.h"

enum { DICTIONARY_BYTES = 1 << 20 }; /* distinct names of a hostile document */

struct xml {
	xmlParserCtxtPtr parser; /* NULL between documents */
	unsigned depth;
	int path[LIMIT_XML_DEPTH];
	size_t text_at;    /* where the text of this element begins in the record */
	size_t text_bytes; /* text since the last tag */
	bool bad;          /* the open record does not read */
	bool closed;       /* the root element has ended */
	bool has_row, has_unread, has_bytes; /* of this line */
};

static const struct observation fresh = { .proto = PROTO_NONE };

static void
run_field(struct reply *reply, const struct xml_field *field, struct text text)
{
	static const char nothing[PATTERN_PAD];
	struct found found = { 0 };

	if (text.n == 0)
		text.s = nothing;
	if (text.n > 0 || field->node == XML_END)
		if (!pattern_match(field->pattern, text, &reply->record->o, &found) || found.unread)
			reply->xml->bad = true;
}

/* Keeps bytes with the record; a record of more text than there is room for does not read. */
static struct text
keep(struct reply *reply, const char *bytes, size_t n)
{
	struct record *r = reply->record;
	char *at = r->text + r->used;

	if (n > RECORD_TEXT - r->used) {
		reply->xml->bad = true;
		return (struct text){ 0 };
	}
	memcpy(at, bytes, n);
	at[n] = '\n';
	r->used += n;
	return (struct text){ at, n };
}

/* libxml2 gives an attribute as five pointers: name, prefix, URI, begin and end of the value. */
static struct text
attribute(const xmlChar **attributes, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		const xmlChar **a = attributes + 5 * i;

		if (strcmp((const char *)a[0], name) == 0)
			return (struct text){ (const char *)a[3], (size_t)(a[4] - a[3]) };
	}
	return (struct text){ 0 };
}

/* The first field that an element fills, or -1. */
static int
first_field(const struct xml_map *map, int node)
{
	return node >= 0 ? map->nodes[node].field : node == XML_RECORD ? map->field : -1;
}

static int
child_of(const struct xml_map *map, int parent, const char *name, const xmlChar **attributes, int n)
{
	const struct xml_node *node;
	int i = parent == XML_RECORD ? map->child : parent < 0 ? -1 : map->nodes[parent].child;

	for (; i >= 0; i = node->sibling) {
		node = &map->nodes[i];
		if (strcmp(node->name, name) == 0 &&
		    (!node->attr || text_is(attribute(attributes, n, node->attr), node->value)))
			return i;
	}
	return XML_UNKNOWN;
}

/* An element outside of records: the driver names those it knows as "\<name\>". */
static void
note_wrapper(struct reply *reply, const char *name)
{
	char tag[LIMIT_NAME + 3 + PATTERN_PAD] = "";
	struct observation o = fresh;
	struct found found = { 0 };
	int n = snprintf(tag, sizeof(tag) - PATTERN_PAD, "<%s>", name);
	const struct patterns *noise = &reply->program->noise;

	for (unsigned i = 0; n > 0 && (size_t)n < sizeof(tag) - PATTERN_PAD && i < noise->n; i++)
		if (pattern_match(noise->list[i], text_of(tag), &o, &found)) {
			reply->recognised = true;
			return;
		}
	reply->xml->has_unread = true;
}

static void
open_record(struct reply *reply)
{
	struct record *r = reply->record;

	r->o = fresh;
	r->o.scope = (uint8_t)reply->program->command->scope;
	r->o.line = (uint32_t)reply->account.lines + 1;
	r->open = true;
	reply->xml->bad = false;
}

static void
close_record(struct reply *reply)
{
	const struct xml_map *map = reply->program->xml;
	struct xml *xml = reply->xml;

	for (unsigned i = 0; i < map->n_fields; i++)
		if (map->fields[i].node == XML_END)
			run_field(reply, &map->fields[i], (struct text){ 0 });
	if (reply->record->o.near.addr.family == 0 && reply->record->o.far.addr.family == 0)
		xml->bad = true; /* not the record we know */
	if (xml->bad)
		xml->has_unread = true;
	else
		xml->has_row = true;
	reply_close_record(reply, !xml->bad);
}

static void
start_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
    int n_spaces, const xmlChar **spaces, int n, int n_defaulted, const xmlChar **attributes)
{
	struct reply *reply = user;
	struct xml *xml = reply->xml;
	const struct xml_map *map = reply->program->xml;
	const char *name = (const char *)local;
	int at = xml->depth > 0 ? xml->path[xml->depth - 1] : XML_OUTSIDE;

	(void)prefix, (void)uri, (void)n_spaces, (void)spaces, (void)n_defaulted;
	if (reply->stopped)
		return;
	if (xml->depth == LIMIT_XML_DEPTH) {
		reply_stop(
		    reply, REASON_LIMIT, "XML elements are nested deeper than %d", LIMIT_XML_DEPTH);
		xmlStopParser(xml->parser);
		return;
	}
	if (at != XML_OUTSIDE) {
		at = child_of(map, at, name, attributes, n);
	} else if (strcmp(name, map->record) == 0) {
		at = XML_RECORD;
		open_record(reply);
	} else {
		note_wrapper(reply, name);
	}
	xml->path[xml->depth++] = at;
	for (int i = first_field(map, at); i >= 0; i = map->fields[i].next) {
		const struct xml_field *f = &map->fields[i];
		struct text value;

		if (!f->attr)
			continue;
		value = attribute(attributes, n, f->attr);
		run_field(reply, f, value.n > 0 ? keep(reply, value.s, value.n) : value);
	}
	xml->text_at = reply->record->used;
	xml->text_bytes = 0;
}

static void
end_element(void *user, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	struct reply *reply = user;
	struct xml *xml = reply->xml;
	const struct xml_map *map = reply->program->xml;
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
				run_field(reply, &map->fields[i], text);
	}
	if (at == XML_RECORD)
		close_record(reply);
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
	int at = xml->depth > 0 ? xml->path[xml->depth - 1] : XML_OUTSIDE;

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
		keep(reply, text.s, text.n);
	for (size_t i = 0; at == XML_OUTSIDE && i < text.n; i++)
		if (!strchr(" \t\r\n", text.s[i]))
			xml->has_unread = true;
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
	reply->xml->has_bytes = true;
	if (xmlParseChunk(reply->xml->parser, bytes, (int)n, 0) != XML_ERR_OK && !reply->stopped)
		reply_stop(reply, REASON_UNREAD, "the XML is not well-formed in line %lu",
		    (unsigned long)reply->account.lines + 1);
}

/* A line of the document has ended. Lines of an open record wait for it. */
static void
end_line(struct reply *reply, struct text line)
{
	struct xml *xml = reply->xml;

	if (line.n > 0 && line.s[line.n - 1] == '\n')
		line.n--;
	reply->account.lines++;
	if (reply->account.lines > LIMIT_REPLY_LINES)
		reply_stop(
		    reply, REASON_LIMIT, "the reply has more than %d lines", LIMIT_REPLY_LINES);
	if (xml->has_unread || reply->stopped)
		reply_count(reply, LINE_UNREAD, line);
	else if (reply->record->open)
		reply->record->lines++;
	else
		reply_count(reply, xml->has_row ? LINE_ROW : LINE_NOISE, line);
	xml->has_row = xml->has_unread = xml->has_bytes = false;
	if (xml->closed)
		close_document(xml);
}

/* A document begins where a line begins with "<". */
static bool
begins_document(const struct reply *reply, struct text piece)
{
	struct text before = { reply->carry, reply->carried };

	text_skip_blanks(&before);
	if (before.n > 0 || reply->overlong)
		return before.n > 0 && before.s[0] == '<';
	text_skip_blanks(&piece);
	return piece.n > 0 && piece.s[0] == '<';
}

int
xml_feed(struct reply *reply, const char *bytes, size_t n)
{
	const char *end = bytes + n;

	while (bytes < end && !reply->stopped) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		struct text piece = { bytes, (size_t)((newline ? newline + 1 : end) - bytes) };

		bytes += piece.n;
		if (!reply->xml->parser && !begins_document(reply, piece)) {
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
		xml->has_unread = true;
	if (xml->has_bytes)
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
