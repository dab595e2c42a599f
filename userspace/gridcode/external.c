// SPDX-License-Identifier: Apache-2.0
/*
 * CEI 0-21 clause 8.6.2: the interface protection has two frequency windows.
 * The wide one (81.S2) always holds; the narrow one (81.S1) besides while the
 * operator's external signal or the local command says so.
 */
#include "gridcode.h"

bool gc_external_narrows(const struct gc_external_settings *s, bool signal)
{
	return !isnan(s->f_high_hz) && (signal || s->local);
}

void gc_external_trip(const struct gc_external_settings *s, bool signal,
		      struct gc_trip_settings *trip)
{
	if (!gc_external_narrows(s, signal))
		return;
	trip->of[GC_EXTERNAL_STAGE] = (struct gc_stage){ s->f_high_hz, s->f_high_s };
	trip->uf[GC_EXTERNAL_STAGE] = (struct gc_stage){ s->f_low_hz, s->f_low_s };
}
