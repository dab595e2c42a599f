/* SPDX-License-Identifier: Apache-2.0 */
/* The test standards: which grid codes they belong to, and how accurate they want it. */
#ifndef TYPETEST_STANDARD_H
#define TYPETEST_STANDARD_H

enum standard_id {
	STANDARD_IEEE1547_1,
	STANDARD_EN50549_10,
	STANDARD_VDE0124_100,
	STANDARD_ASNZS4777_2,
	STANDARD_G99,
	STANDARD_CEI_0_21,	/* its interface protection; the rest as STANDARD_NONE */
	STANDARD_NONE,	/* codes whose procedures are not at hand: those of EN 50549-10 */
	STANDARDS
};

/**
 * struct standard - a test standard
 * @name: with its year
 * @basis: where the tolerances are from, and how sure they are
 * @v_pu: accuracy of a voltage, pu
 * @f_hz: of a frequency
 * @f_trip_hz: distance from a frequency limit for a trip test
 * @p_pu: of active power, pu of rated apparent power
 * @q_pu: of reactive power, likewise
 * @band: how many accuracies the band of a curve is wide, either side
 * @time_share: of a time
 * @cease_s: by how much a trip may be later than its setting (switch included)
 * @response_s: of active power to frequency where the code names none; NaN: not judged
 * @early_s: by how much it may be earlier, with @time_share
 */
struct standard {
	enum standard_id id;
	const char *name;
	const char *basis;
	double v_pu;
	double f_hz;
	double f_trip_hz;
	double p_pu;
	double q_pu;
	double band;
	double time_share;
	double cease_s;
	double early_s;
	double response_s;
};

/** standard_of() - of a profile, by its id and the clauses it names */
const struct standard *standard_of(const char *profile_id);

#endif
