// The program basalt-factory: what the build and the manufacturer call. Exit status as in tpm/result.h.
#include "device/factory/commands.h"

#include <iostream>

namespace basalt::factory {

void give_up(const Error& error) {
    std::cerr << error.what << ' ' << error.next_step << '\n';
    throw CLI::RuntimeError{exit_status(error.code)};
}

}  // namespace basalt::factory

int main(int argc, char** argv) {
    CLI::App app{
        "Makes what a device is made of, keys and images, and devices of it.\nExample: basalt-factory keys --dir "
        "dev-keys",
        "basalt-factory"};
    app.require_subcommand(1);
    basalt::factory::add_keys_command(app);
    basalt::factory::add_image_command(app);
    basalt::factory::add_init_command(app);
    try {
        app.parse(argc, argv);
        return 0;
    } catch (const CLI::RuntimeError& ended) {
        return ended.get_exit_code();
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : 2;
    }
}
