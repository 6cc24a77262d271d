// The people of device.cfg: who has an account or an emergency badge from the start.
#include "device/firmware/access/break_glass.h"
#include "device/firmware/access/names.h"
#include "device/firmware/configuration_reader.h"
#include "device/firmware/hex.h"

namespace basalt::firmware {
namespace {

template <std::size_t N>
Result<std::optional<std::array<std::uint8_t, N>>> read_hex(const ConfigurationReader& reader, const toml::table& table,
                                                            std::string_view key) {
    using Found = std::optional<std::array<std::uint8_t, N>>;
    if (table.get(key) == nullptr) return Found{};
    const std::string wanted = fmt::format("{} digits 0 to 9, a to f", 2 * N);
    const auto text = reader.need<toml::value<std::string>>(table, fmt::format("people.{}", key), key, wanted);
    if (!text) return std::unexpected{text.error()};
    auto bytes = array_of_hex<N>((*text)->get());
    if (!bytes) return reader.refuse(**text, fmt::format("\"people.{}\" is none. Expected {}.", key, wanted));
    return Found{bytes};
}

Result<access::Roles> read_roles(const ConfigurationReader& reader, const toml::table& table) {
    constexpr std::string_view wanted = "a list of roles that one person may hold, for example [\"nurse\"]";
    const auto list = reader.need<toml::array>(table, "people.roles", "roles", wanted);
    if (!list) return std::unexpected{list.error()};
    access::Roles roles;
    for (const toml::node& node : **list) {
        const auto* text = node.as_string();
        const auto role = text != nullptr ? access::find_role(text->get()) : std::nullopt;
        if (!role) return reader.refuse(node, fmt::format("this is no role. Expected {}.", wanted));
        roles = roles | *role;
    }
    if (!access::may_be_held_together(roles))
        return reader.refuse(**list, fmt::format("nobody may hold these roles. Expected {}.", wanted));
    return roles;
}

Result<FirstPerson> read_person(const ConfigurationReader& reader, const toml::table& table) {
    if (auto ok = reader.only(table, {"name", "shown", "roles", "first_code_sha256", "badge", "for_emergencies"}); !ok)
        return std::unexpected{ok.error()};
    FirstPerson person;
    constexpr std::string_view a_name = "2 to 32 of a-z 0-9 . _ -, beginning with a letter";
    const auto name = reader.need<toml::value<std::string>>(table, "people.name", "name", a_name);
    if (!name) return std::unexpected{name.error()};
    const auto short_name = access::short_name((*name)->get());
    if (!short_name) return reader.refuse(**name, short_name.error().what);
    person.name = *short_name;
    const auto shown =
        reader.need<toml::value<std::string>>(table, "people.shown", "shown", "a name as people read it");
    if (!shown) return std::unexpected{shown.error()};
    const auto shown_name = access::shown_name((*shown)->get());
    if (!shown_name) return reader.refuse(**shown, shown_name.error().what);
    person.shown = *shown_name;
    if (table.get("for_emergencies") != nullptr) {
        const auto flag =
            reader.need<toml::value<bool>>(table, "people.for_emergencies", "for_emergencies", "true or false");
        if (!flag) return std::unexpected{flag.error()};
        person.for_emergencies = (*flag)->get();
    }
    auto badge = read_hex<65>(reader, table, "badge");
    if (!badge) return std::unexpected{badge.error()};
    person.badge = *badge;
    auto code = read_hex<32>(reader, table, "first_code_sha256");
    if (!code) return std::unexpected{code.error()};
    person.code = *code;
    if (person.for_emergencies) {
        if (!person.badge || table.get("roles") != nullptr)
            return reader.refuse(table, "an emergency badge has a badge, and no roles: it is no account.");
        return person;
    }
    const auto roles = read_roles(reader, table);
    if (!roles) return std::unexpected{roles.error()};
    person.roles = *roles;
    return person;
}
}  // namespace

Digest digest_of_first_code(std::string_view code) {
    constexpr std::string_view domain = "basalt first code 1\n";
    const std::string letters = access::spelled_code(code);
    const auto bytes = [](std::string_view text) {
        return ByteView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    };
    return sha256(bytes(domain), bytes(letters));
}

Result<std::vector<FirstPerson>> read_people(const ConfigurationReader& reader, const toml::table& root) {
    std::vector<FirstPerson> people;
    if (root.get("people") == nullptr) return people;
    const auto list = reader.need<toml::array>(root, "people", "people", "tables that begin with [[people]]");
    if (!list) return std::unexpected{list.error()};
    if ((*list)->size() > most_first_people)
        return reader.refuse(
            **list, fmt::format("these are {} people. Expected at most {}.", (*list)->size(), most_first_people));
    for (const toml::node& node : **list) {
        const auto* table = node.as_table();
        if (table == nullptr)
            return reader.refuse(node, "this is no person. Expected a table that begins with [[people]].");
        auto person = read_person(reader, *table);
        if (!person) return std::unexpected{person.error()};
        if (std::ranges::find(people, person->name, &FirstPerson::name) != people.end())
            return reader.refuse(node, fmt::format("\"{}\" stands here twice.", person->name));
        people.push_back(std::move(*person));
    }
    return people;
}

std::string to_toml(const FirstPerson& person) {
    std::string shown;
    for (const char c : person.shown) {
        if (c == '"' || c == '\\') shown += '\\';
        shown += c;
    }
    std::string text = fmt::format("\n[[people]]\nname = \"{}\"\nshown = \"{}\"\n", person.name, shown);
    if (person.for_emergencies) {
        text += "for_emergencies = true\n";
    } else {
        std::string roles;
        for (std::size_t i = 0; i < access::role_count; ++i)
            if (const auto role = static_cast<access::Role>(i); person.roles.has(role))
                roles += fmt::format("{}\"{}\"", roles.empty() ? "" : ", ", access::word(role).key);
        text += fmt::format("roles = [{}]\n", roles);
    }
    if (person.code) text += fmt::format("first_code_sha256 = \"{}\"\n", hex(*person.code));
    if (person.badge) text += fmt::format("badge = \"{}\"\n", hex(*person.badge));
    return text;
}

}  // namespace basalt::firmware
