#include "device/factory/commands.h"
#include "device/factory/provision.h"
#include "device/factory/therapy.h"

#include <fmt/core.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace basalt::factory {
namespace {

struct Options {
    DeviceOrder order;
    std::string name = "Basalt";
    std::int32_t basal_mu_per_h = 1000;
    std::vector<Defence> without;
};

/// Removed with all that is in it when the command ends.
class RunDirectory {
  public:
    static Result<RunDirectory> make() {
        const char* runtime = std::getenv("XDG_RUNTIME_DIR");
        std::string name = std::string{runtime != nullptr && *runtime == '/' ? runtime : "/tmp"} + "/basalt-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr)
            return fail(ErrorCode::io, "No private directory for sockets can be made: " + name + ".",
                        "Check that /tmp can be written and has room.");
        return RunDirectory{name};
    }
    explicit RunDirectory(std::filesystem::path path) : path_{std::move(path)} {}
    RunDirectory(RunDirectory&& from) noexcept : path_{std::exchange(from.path_, {})} {}
    RunDirectory& operator=(RunDirectory&&) = delete;
    ~RunDirectory() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

Result<void> init(const Options& options) {
    const auto run = RunDirectory::make();
    if (!run) return std::unexpected{run.error()};
    DeviceOrder order = options.order;
    order.run = run->path();
    for (const Defence defence : options.without) order.switched_off |= static_cast<std::uint32_t>(defence);
    const Therapy therapy = flat_therapy(options.name, {options.basal_mu_per_h});
    order.profile = therapy.profile;
    order.configuration = therapy.configuration;
    const auto made = provision(order);
    if (!made) return std::unexpected{made.error()};
    fmt::print("The device in {} is ready.\n", order.state.string());
    return {};
}

}  // namespace

void add_init_command(CLI::App& app) {
    auto* command = app.add_subcommand("init",
                                       "Make a device: its flash, its simulated chips, its keys.\n"
                                       "Example: basalt-factory init --state pump --images images --keys dev-keys");
    const auto options = std::make_shared<Options>();
    command->add_option("--state", options->order.state, "the directory to make")->required();
    command->add_option("--images", options->order.images, "the folder of the variant's four images")->required();
    command->add_option("--keys", options->order.dev_keys, "the folder of the development keys")->required();
    const std::map<std::string, Variant> variants{{"production", Variant::production}, {"training", Variant::training}};
    command->add_option("--variant", options->order.variant, "production (the default) or training")
        ->transform(CLI::CheckedTransformer(variants).description(""));
    const std::map<std::string, Defence> defences{{"image_check", Defence::image_check}, {"sealing", Defence::sealing}};
    command
        ->add_option("--without", options->without,
                     "a defence that a training device does without: image_check, sealing")
        ->transform(CLI::CheckedTransformer(defences).description(""));
    command->add_option("--seed", options->order.seed, "the device's identity follows from it")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{INT64_MAX}));
    command->add_option("--name", options->name, "what people call this pump");
    command->add_option("--basal-mu-per-h", options->basal_mu_per_h, "basal rate all day, in 0.001 U/h, steps of 50")
        ->check(CLI::Range(0, 5000));
    command->callback([options] {
        if (const auto made = init(*options); !made) give_up(made.error());
    });
}

}  // namespace basalt::factory
