# SPDX-License-Identifier: Apache-2.0
# `make install` puts user space below DESTDIR; modules have modules_install.
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man
SYSCONFDIR ?= /etc
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
GRIDCODEDIR ?= $(PREFIX)/share/v2x/gridcode
UNITDIR ?= $(PREFIX)/lib/systemd/system
INSTALL ?= install

.PHONY: install install-lib install-ctl install-sim install-daemon uninstall
install: install-lib install-ctl install-sim install-daemon ## user space below DESTDIR, PREFIX=/usr/local

install-lib: $(O)/lib/libv2x.so.0 $(O)/lib/libv2x.a
	$(INSTALL) -d $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/linux $(DESTDIR)$(MANDIR)/man3
	$(INSTALL) -m 755 $(O)/lib/libv2x.so.0 $(DESTDIR)$(LIBDIR)/libv2x.so.$(VERSION)
	ln -sf libv2x.so.$(VERSION) $(DESTDIR)$(LIBDIR)/libv2x.so.0
	ln -sf libv2x.so.0 $(DESTDIR)$(LIBDIR)/libv2x.so
	$(INSTALL) -m 644 $(O)/lib/libv2x.a $(DESTDIR)$(LIBDIR)/
	$(INSTALL) -m 644 userspace/libv2x/include/v2x.h $(DESTDIR)$(INCLUDEDIR)/
	$(INSTALL) -m 644 kernel/include/uapi/linux/v2x.h $(DESTDIR)$(INCLUDEDIR)/linux/
	$(INSTALL) -m 644 userspace/libv2x/man/libv2x.3 $(DESTDIR)$(MANDIR)/man3/
	sed -e 's,@PREFIX@,$(PREFIX),; s,@LIBDIR@,$(LIBDIR),; s,@INCLUDEDIR@,$(INCLUDEDIR),; s,@VERSION@,$(VERSION),' \
		userspace/libv2x/libv2x.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/libv2x.pc

install-ctl: $(O)/bin/v2xctl
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1 $(DESTDIR)$(COMPLETIONDIR) \
		$(DESTDIR)$(GRIDCODEDIR)
	$(INSTALL) -m 644 userspace/gridcode/profiles/*.conf $(DESTDIR)$(GRIDCODEDIR)/
	$(INSTALL) -m 755 $(O)/bin/v2xctl $(DESTDIR)$(BINDIR)/
	$(INSTALL) -m 644 userspace/v2xctl/v2xctl.1 $(DESTDIR)$(MANDIR)/man1/
	$(INSTALL) -m 644 userspace/v2xctl/v2xctl.bash-completion $(DESTDIR)$(COMPLETIONDIR)/v2xctl

install-sim: $(O)/bin/v2xsim
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man1
	$(INSTALL) -m 755 $(O)/bin/v2xsim $(DESTDIR)$(BINDIR)/
	$(INSTALL) -m 644 userspace/v2xsim/v2xsim.1 $(DESTDIR)$(MANDIR)/man1/

# Where the unit names the daemon's place it says @BINDIR@. The daemon makes
# its own manual page; one built for another machine cannot, and goes without.
V2XD_UNITS := $(wildcard userspace/v2xd/*.service.in)

install-daemon: $(O)/bin/v2xd
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(SYSCONFDIR)/v2x/v2xd.conf.d
	$(INSTALL) -m 755 $(O)/bin/v2xd $(DESTDIR)$(BINDIR)/
	$(INSTALL) -d $(DESTDIR)$(PREFIX)/lib/sysctl.d
	$(INSTALL) -m 644 userspace/v2xd/60-v2x.conf $(DESTDIR)$(PREFIX)/lib/sysctl.d/
	$(if $(V2XD_UNITS),$(INSTALL) -d $(DESTDIR)$(UNITDIR))
	$(foreach u,$(V2XD_UNITS),sed -e 's,@BINDIR@,$(BINDIR),' $(u) >$(DESTDIR)$(UNITDIR)/$(notdir $(u:.in=));)
	$(O)/bin/v2xd --man >$(DESTDIR)$(MANDIR)/man5/v2xd.conf.5 2>/dev/null || \
		rm -f $(DESTDIR)$(MANDIR)/man5/v2xd.conf.5

uninstall: ## what install put there, but not the configuration
	rm -rf $(DESTDIR)$(GRIDCODEDIR)
	rm -f $(DESTDIR)$(LIBDIR)/libv2x.* $(DESTDIR)$(LIBDIR)/pkgconfig/libv2x.pc \
		$(DESTDIR)$(INCLUDEDIR)/v2x.h $(DESTDIR)$(INCLUDEDIR)/linux/v2x.h \
		$(DESTDIR)$(MANDIR)/man3/libv2x.3 $(DESTDIR)$(BINDIR)/v2xctl \
		$(DESTDIR)$(MANDIR)/man1/v2xctl.1 \
		$(DESTDIR)$(BINDIR)/v2xsim $(DESTDIR)$(MANDIR)/man1/v2xsim.1 \
		$(DESTDIR)$(COMPLETIONDIR)/v2xctl \
		$(DESTDIR)$(PREFIX)/lib/sysctl.d/60-v2x.conf \
		$(DESTDIR)$(BINDIR)/v2xd $(DESTDIR)$(MANDIR)/man5/v2xd.conf.5 \
		$(V2XD_UNITS:userspace/v2xd/%.in=$(DESTDIR)$(UNITDIR)/%)
