// SPDX-License-Identifier: Apache-2.0
#include "edges.h"

#include <stddef.h>

struct edge *edge_first(struct edge *e, int n)
{
	struct edge *first = NULL;

	for (int i = 0; i < n; i++) {
		if (!e[i].done && (!first || e[i].t < first->t))
			first = &e[i];
	}
	return first;
}
