/* SHA256SUMS of a backup: whatever is read names only files below the folder, in order, each once.
 */
#include <stdlib.h>
#include <string.h>

#include "store/manifest.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct manifest m;

	if (manifest_parse((struct text){ (const char *)bytes, n }, &m))
		for (size_t i = 0; i < m.n; i++)
			if (strstr(m.files[i].name, "..") ||
			    (strncmp(m.files[i].name, "live-", 5) == 0) != (i == 0) ||
			    (i > 1 && strcmp(m.files[i - 1].name, m.files[i].name) >= 0))
				abort();
	manifest_free(&m);
	return 0;
}
