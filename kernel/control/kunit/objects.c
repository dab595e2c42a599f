// SPDX-License-Identifier: GPL-2.0-only
/*
 * The objects under test, compiled a second time: an object file cannot belong
 * to two modules (v2x.ko has it too).
 */
#include "../angle.c"
#include "../modulation.c"
#include "../pilot.c"
