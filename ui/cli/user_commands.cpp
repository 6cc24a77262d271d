#include "ui/cli/user_commands.h"

#include "device/firmware/access/matrix.h"

#include <fmt/format.h>

#include <memory>

namespace basalt::cli {

void add_user_commands(CLI::App& app, scenarios::Language language, int& exit_status) {
    auto* user = app.add_subcommand("user", "Example: ./basalt user matrix\nWho may do what on the pump");
    user->require_subcommand(1);
    auto* matrix =
        user->add_subcommand("matrix",
                             "Example: ./basalt user matrix\n"
                             "Every operation with the roles and the proofs that open it at home, on the ward "
                             "and in the\nemergency department. What is not printed is refused");
    const auto json = std::make_shared<bool>(false);
    matrix->add_flag("--json", *json, "One JSON object");
    matrix->callback([json, language, &exit_status] {
        const auto words =
            language == scenarios::Language::french ? storage::Language::french : storage::Language::english;
        fmt::print("{}", *json ? access::matrix_json() : access::matrix_text(words));
        exit_status = 0;
    });
}

}  // namespace basalt::cli
