// SPDX-License-Identifier: Apache-2.0
/*
 * The engine as one translation unit. A step is a chain of forty small
 * functions, and their calls would cost a third of it; in one unit the
 * compiler puts them together, whatever the compiler is.
 */
/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "lag.c"
#include "measure.c"
#include "guard.c"
#include "mean.c"
#include "rocof.c"
#include "trip.c"
#include "ride.c"
#include "consecutive.c"
#include "external.c"
#include "enter.c"
#include "limit.c"
#include "volt_watt.c"
#include "droop.c"
#include "lfsm.c"
#include "drm.c"
#include "export.c"
#include "order.c"
#include "unbalance.c"
#include "power.c"
#include "volt_var.c"
#include "watt_var.c"
#include "cos_phi.c"
#include "fixed.c"
#include "reactive.c"
#include "capability.c"
#include "current.c"
#include "engine.c"
/* NOLINTEND(bugprone-suspicious-include) */
