# SPDX-License-Identifier: Apache-2.0
# libv2x: a static archive for the programs of this tree, the shared library
# for everybody else, made from the same objects.
LIBV2X_SOURCES := $(addprefix userspace/libv2x/src/,\
	device.c command.c uring.c status.c ring.c names.c format.c\
	prot_text.c errors.c)
LIBV2X_SONAME := libv2x.so.0

$(eval $(call v2x_static,libv2x,$(LIBV2X_SOURCES)))

$(O)/lib/$(LIBV2X_SONAME): $(LIBV2X_SOURCES:%=$(O)/obj/libv2x/%.o) userspace/libv2x/libv2x.map
	@mkdir -p $(@D)
	$(call say,LD,$(@F))$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(LIBV2X_SONAME) \
		-Wl,--version-script=userspace/libv2x/libv2x.map -Wl,--no-undefined \
		-Wl,-z,relro,-z,now -o $@ $(filter %.o,$^)
	@ln -sf $(LIBV2X_SONAME) $(@D)/libv2x.so

PROGRAMS += $(O)/lib/$(LIBV2X_SONAME)
