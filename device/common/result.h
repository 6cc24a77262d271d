// device/common/result.h: the same Result<T> under the name that device code looks for.
#pragma once
#include "tpm/result.h"
