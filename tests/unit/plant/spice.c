// SPDX-License-Identifier: Apache-2.0
#include "spice.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool spice_there(void)
{
	return system("command -v ngspice >/dev/null 2>&1") == 0;
}

void spice_begin(struct spice *s, const char *title)
{
	char name[96];

	*s = (struct spice){ .dir = "/tmp/v2x-spice-XXXXXX" };
	if (!mkdtemp(s->dir))
		abort();
	snprintf(name, sizeof(name), "%s/net.cir", s->dir);
	s->net = fopen(name, "w");
	if (!s->net)
		abort();
	fprintf(s->net, "* %s\n", title);
}

/* wrdata writes a pair of time and value for each curve. */
static void read_curves(struct spice *s, FILE *from)
{
	char line[1024];
	size_t room = 0;

	while (fgets(line, sizeof(line), from)) {
		char *at = line;

		if (s->count == room) {
			room = room ? room * 2 : 4096;
			s->t = realloc(s->t, room * sizeof(*s->t));
			for (int i = 0; i < s->curves; i++)
				s->v[i] = realloc(s->v[i], room * sizeof(*s->v[i]));
		}
		for (int i = 0; i < s->curves; i++) {
			s->t[s->count] = strtod(at, &at);
			s->v[i][s->count] = strtod(at, &at);
		}
		s->count++;
	}
}

int spice_run(struct spice *s, double seconds, double step, const char *curves, int n)
{
	char command[256], name[96];
	FILE *from;

	fprintf(s->net, ".options reltol=1e-4 abstol=1e-6 vntol=1e-4 chgtol=1e-9 gmin=1e-9\n"
		".control\nset wr_singlescale=0\ntran %g %g 0 %g uic\n"
		"wrdata %s/curves %s\nquit\n.endc\n.end\n", step, seconds, step, s->dir, curves);
	fclose(s->net);
	snprintf(command, sizeof(command), "ngspice -b %s/net.cir >%s/log 2>&1", s->dir, s->dir);
	s->curves = n;
	snprintf(name, sizeof(name), "%s/curves", s->dir);
	if (system(command) != 0 && access(name, R_OK) != 0)
		return -1;
	from = fopen(name, "r");
	if (!from)
		return -1;
	read_curves(s, from);
	fclose(from);
	return s->count > 10 && s->t[s->count - 1] > seconds * 0.999 ? 0 : -1;
}

double spice_at(const struct spice *s, int curve, double t)
{
	size_t lo = 0, hi = s->count - 1;

	while (hi - lo > 1) {
		const size_t mid = (lo + hi) / 2;

		*(s->t[mid] <= t ? &lo : &hi) = mid;
	}
	return s->v[curve][lo] + (s->v[curve][hi] - s->v[curve][lo]) * (t - s->t[lo]) /
	       (s->t[hi] - s->t[lo]);
}

void spice_free(struct spice *s)
{
	static const char *const files[] = { "net.cir", "log", "curves" };
	char name[96];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(name, sizeof(name), "%s/%s", s->dir, files[i]);
		unlink(name);
	}
	rmdir(s->dir);
	free(s->t);
	for (int i = 0; i < s->curves; i++)
		free(s->v[i]);
}
