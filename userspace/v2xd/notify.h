/* SPDX-License-Identifier: Apache-2.0 */
/* What systemd is told: readiness, status line, watchdog. Nothing without it. */
#ifndef V2XD_NOTIFY_H
#define V2XD_NOTIFY_H

/* Started, and again after a reload. */
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);

/* One line for "systemctl status"; sent when it changed. */
__attribute__((format(printf, 1, 2)))
void notify_status(const char *format, ...);

/* Both threads are alive. */
void notify_watchdog(void);

#endif
