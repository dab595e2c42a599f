// SPDX-License-Identifier: Apache-2.0
/* Where the profiles are: option, environment, source tree of a build, installed. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profile.h"

/* Of PREFIX/bin/v2xctl: PREFIX/share/...; of build/bin/v2xctl: the tree's own. */
static const char *beside_program(const char *below, char *path, size_t len)
{
	char self[PATH_MAX];
	const ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	if (snprintf(path, len, "%s/%s", self, below) >= (int)len)
		return NULL;
	return access(path, R_OK | X_OK) == 0 ? path : NULL;
}

const char *gc_profile_dir(const char *dir, char *path, size_t len)
{
	static const char *const fixed[] = { "/usr/local/share/v2x/gridcode",
					     "/usr/share/v2x/gridcode" };

	if (!dir)
		dir = getenv("V2X_GRIDCODE_DIR");
	if (dir && *dir)
		return snprintf(path, len, "%s", dir) < (int)len ? path : NULL;
	if (beside_program("../../userspace/gridcode/profiles", path, len) ||
	    beside_program("../share/v2x/gridcode", path, len))
		return path;
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (access(fixed[i], R_OK | X_OK) == 0)
			return snprintf(path, len, "%s", fixed[i]) < (int)len ? path : NULL;
	return NULL;
}

const char *gc_profile_path(const char *name, const char *dir, char *path, size_t len)
{
	char folder[PATH_MAX];

	if (strchr(name, '/')) {
		if (snprintf(path, len, "%s", name) >= (int)len)
			return NULL;
	} else if (!gc_profile_dir(dir, folder, sizeof(folder)) ||
		   snprintf(path, len, "%s/%s.conf", folder, name) >= (int)len) {
		return NULL;
	}
	return access(path, R_OK) == 0 ? path : NULL;
}
