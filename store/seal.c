#include "store/internal.h"
int
seal_repair(struct store *s, struct error *err)
{
	(void)s;
	(void)err;
	return 0;
}
