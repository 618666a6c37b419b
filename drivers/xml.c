#include "drivers/engine.h"
struct xml_map *
xml_compile(const struct command *command, struct error *err)
{
	(void)command;
	error_set(err, "later");
	return NULL;
}
void
xml_map_free(struct xml_map *map)
{
	(void)map;
}
struct xml *
xml_new(struct reply *reply)
{
	(void)reply;
	return NULL;
}
int
xml_feed(struct reply *reply, const char *bytes, size_t n)
{
	(void)reply;
	(void)bytes;
	(void)n;
	return 0;
}
void
xml_end(struct reply *reply, bool whole)
{
	(void)reply;
	(void)whole;
}
void
xml_free(struct xml *xml)
{
	(void)xml;
}
