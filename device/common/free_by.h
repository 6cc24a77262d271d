// device/common/free_by.h: the owner of what a C library hands out, for device code. It stands in tpm/, the lowest
// folder.
#pragma once
#include "tpm/free_by.h"
