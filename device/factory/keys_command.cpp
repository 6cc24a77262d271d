#include "device/factory/commands.h"
#include "device/factory/dev_keys.h"

#include <memory>
#include <string>

namespace basalt::factory {

void add_keys_command(CLI::App& app) {
    auto* command = app.add_subcommand("keys",
                                       "Make the development keys, where they are not there yet.\n"
                                       "Example: basalt-factory keys --dir dev-keys");
    const auto folder = std::make_shared<std::string>();
    command->add_option("--dir", *folder, "the folder of the keys")->required();
    command->callback([folder] {
        for (const Variant variant : {Variant::production, Variant::training})
            if (const auto keys = make_or_load(*folder, variant); !keys) give_up(keys.error());
    });
}

}  // namespace basalt::factory
