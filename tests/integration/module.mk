# SPDX-License-Identifier: Apache-2.0
$(eval $(call v2x_program,socket_client,tests/integration/socket_client.c))
