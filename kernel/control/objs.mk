# SPDX-License-Identifier: GPL-2.0-only
# What the control is made of, relative to kernel/control/. The one list for
# the module, KUnit and user space (there .o becomes .c).
v2x-control-y := angle.o black.o bridge.o check.o ctl.o current_control.o dab.o
v2x-control-y += dc_bus.o dc_link.o dcdc.o default.o direction.o events.o form.o form_single.o
v2x-control-y += grid_tracker.o halves.o
v2x-control-y += harmonics.o init.o island.o lom.o measure.o modulation.o pilot.o
v2x-control-y += plausible.o precharge.o prepare.o prot_table.o protection.o
v2x-control-y += ready.o residual.o resonator.o resync.o ride.o
v2x-control-y += sample.o sequencer.o setpoint.o single.o stages.o states.o
v2x-control-y += tune.o vsm.o weld.o
