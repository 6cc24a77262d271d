// tpm/result.h: how everything outside the critical zone fails. It stands in the lowest folder that may fail, because
// storage/ and device/ may depend on tpm/ and not the other way round (docs/decisions/0001-one-error-type.md).
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace basalt {

/// What kind of failure it is: for programs. Each has one exit status of the command line (exit_status()).
enum class ErrorCode : std::uint8_t {
    check_failed,  ///< a check ran and its answer is no                                                    exit 1
    usage,         ///< a wrong option, name or label                                                       exit 2
    refused,       ///< not allowed, or against a policy: a signature, a limit, a TPM policy                exit 3
    missing,       ///< the machine lacks something, or it is not built yet                                 exit 4
    unreadable,    ///< a file, frame or record that cannot be what it should be                            exit 1
    io,            ///< the operating system said no: disk full, permission, broken pipe                    exit 4
};

/// One failure. `what` is a whole sentence in plain words, `next_step` another that says what to do; neither is empty.
struct Error {
    ErrorCode code = ErrorCode::check_failed;
    std::string what;
    std::string next_step;
    std::uint32_t tpm_rc = 0;  ///< the TPM's own response code where one stands behind it, else 0
};

template <class T>
using Result = std::expected<T, Error>;

/// An Error ready to be returned: `return fail(ErrorCode::refused, "The image ...", "Install ...");`
inline std::unexpected<Error> fail(ErrorCode code, std::string what, std::string next_step, std::uint32_t tpm_rc = 0) {
    return std::unexpected<Error>{Error{code, std::move(what), std::move(next_step), tpm_rc}};
}

/// The command line's exit status (see the README): 1 a check failed, 2 wrong usage, 3 refused, 4 lacking.
constexpr int exit_status(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::check_failed:
        case ErrorCode::unreadable:
            return 1;
        case ErrorCode::usage:
            return 2;
        case ErrorCode::refused:
            return 3;
        case ErrorCode::missing:
        case ErrorCode::io:
            return 4;
    }
    return 1;
}

}  // namespace basalt
