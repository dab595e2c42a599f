/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where each setting is called what: OCPP 2.1 DER controls, SunSpec models 702
 * to 712, ISO 15118-20 amendment 1 (AC_DER_IEC, or AC_DER_SAE marked so). "-":
 * the protocol has no place for it.
 *
 * Signs: OCPP, SunSpec and ISO 15118 DER curves count injection positive, as
 * settings do; power over the engine's interface is import positive.
 */
#ifndef GRIDCODE_MAPPING_H
#define GRIDCODE_MAPPING_H

#include <stddef.h>

/** struct gc_mapping - one setting, "section.key" of the table of parameters */
struct gc_mapping {
	const char *param;
	const char *ocpp;
	const char *sunspec;
	const char *iso15118;
};

extern const struct gc_mapping gc_mappings[];
extern const size_t gc_mapping_count;

/** gc_mapping_of - of "section.key"; "-" throughout where no protocol has a place for it */
struct gc_mapping gc_mapping_of(const char *param);

#endif
