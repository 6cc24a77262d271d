// device/common/secret.h: the wiping Secret under the name that device code looks for.
#pragma once
#include "tpm/secret.h"
