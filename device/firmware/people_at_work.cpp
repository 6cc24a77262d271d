#include "device/firmware/people_at_work.h"

#include "device/firmware/people/done_by.h"
#include "device/firmware/people/first_people.h"

#include <utility>

namespace basalt::firmware {
namespace {
using access::Operation;
using link::Outcome;

constexpr std::string_view context_setting = "access.context";
constexpr MilliUnits most_ever{30'000};

Done done(const Said& said) { return said ? Done{Outcome::done, *said} : Done{Outcome::refused, said.error()}; }
Done failed(const Error& why) {
    const std::string words = why.what + " " + why.next_step;
    return {Outcome::not_done, {words, words}};
}
Done no_records() {
    return {Outcome::not_done,
            {"The pump has no records that it could show. Look at its alarms, and tell biomedical service.",
             "La pompe n'a pas de données à montrer. Regardez ses alarmes et prévenez le service biomédical."}};
}
nlohmann::ordered_json both(const std::vector<Sentence>& sentences) {
    auto list = nlohmann::ordered_json::array();
    for (const Sentence& one : sentences) list.push_back({{"en", one.english}, {"fr", one.french}});
    return list;
}
}  // namespace

PeopleAtWork::PeopleAtWork(hal::Port& gateway, Chip& chip, link::Chance& chance, const Options& options)
    : chip_(chip),
      chance_(chance),
      options_(options),
      desk_({.device = options.device,
             .pepper = *this,
             .hands = *this,
             .note = [this](storage::Event event) -> Result<void> {
                 if (turn_ == nullptr || turn_->journal == nullptr)
                     return fail(ErrorCode::io, "The pump's records are closed.", "Tell biomedical service.");
                 return turn_->journal->note(std::move(event));
             },
             .fresh_salt = [this]() -> Result<access::Salt> {
                 access::Salt salt;
                 if (!chance_.fill(salt))
                     return fail(ErrorCode::io, "There are no random numbers.", "Start the pump again.");
                 return salt;
             },
             .first_code = [this](std::string_view name) -> std::optional<Digest> {
                 if (options_.configuration == nullptr) return std::nullopt;
                 const auto& people = options_.configuration->people;
                 const auto found = std::ranges::find(people, name, &FirstPerson::name);
                 return found == people.end() ? std::nullopt : found->code;
             }}) {
    const auto identity = chip_.identity();
    if (!identity) return;
    signer_.emplace(chip_, *identity);
    link_.emplace(gateway, desk_,
                  link::DeviceSessions::Settings{.device = options.device, .switched_off = options.switched_off},
                  *signer_, chance_);
}

FrameTaken PeopleAtWork::take(ByteView frame) {
    const auto decoded = link::LinkFrames::decode(frame);
    if (!decoded || !link_) return FrameTaken::no_business_of_mine;
    if (const auto* hello = std::get_if<link::Hello>(&*decoded))
        return link_->take(*hello) ? FrameTaken::taken : FrameTaken::no_room;
    if (const auto* sealed = std::get_if<link::SealedIn>(&*decoded))
        return link_->take(*sealed) ? FrameTaken::taken : FrameTaken::no_room;
    return FrameTaken::no_business_of_mine;
}

void PeopleAtWork::gateway_gone() {
    if (link_) link_->gateway_gone();
}

void PeopleAtWork::serve(const PeoplesTurn& turn) {
    turn_ = &turn;
    now_ = turn.tick.tick;
    open_accounts(turn);
    reads_.on_tick(now_.seconds, turn.journal);
    const auto context = desk_.context();
    if (link_)
        link_->serve({.now = now_, .presses = turn.tick.presses, .pressed = turn.tick.pressed, .mode = turn.tick.mode});
    if (desk_.context() != context && turn.journal != nullptr)
        (void)turn.journal->change_setting(now_, "firmware", context_setting, access::word(desk_.context()).key);
    turn_ = nullptr;
}

void PeopleAtWork::open_accounts(const PeoplesTurn& turn) {
    if (turn.journal == accounts_of_) return;
    accounts_of_ = turn.journal;
    accounts_.reset();
    desk_.accounts(nullptr);
    if (turn.journal == nullptr) return;
    auto opened = access::StoredAccounts::open(turn.journal->configuration());
    if (!opened) return;
    accounts_.emplace(std::move(*opened));
    // An account that was made by a start before is left as it is; so is all when one cannot be made.
    if (options_.configuration != nullptr && !follow(*options_.configuration, *turn.journal)) return;
    desk_.accounts(&*accounts_);
    const auto kept = turn.journal->setting(context_setting);
    if (!kept || !*kept) return;
    for (std::size_t i = 0; i < access::context_count; ++i)
        if (const auto context = static_cast<access::Context>(i); access::word(context).key == **kept)
            desk_.context(context);
}

/// Without a configuration that was accepted nobody is let in or put out.
bool PeopleAtWork::follow(const Configuration& configuration, Journal& journal) {
    auto followed = follow_configuration(*accounts_, configuration.people, now_);
    if (!followed || !make_first_people(*accounts_, configuration.people, now_)) return false;
    for (storage::Event& event : followed->events)
        if (!journal.note(std::move(event))) return true;  // it is found, and noted, by the next start
    to_keep_ = std::move(followed->names);
    return true;
}

void PeopleAtWork::done(bool on_record) {
    if (on_record && to_keep_ && accounts_) {
        (void)accounts_->save_configured(*to_keep_);  // else the next start says the same again
        to_keep_.reset();
    }
    if (link_) link_->send_answers(on_record, now_);
}

// ---- what is carried out ----

bool PeopleAtWork::knows(Operation operation, const Values& values) const {
    return done_by(operation, values) == DoneBy::therapy;
}

Operation PeopleAtWork::judged(Operation operation, const Values& values) const {
    const auto running = turn_->therapy.seen().temporary;
    return running ? by_effect(operation, values, running->percent, running->until.seconds - now_.seconds)
                   : by_effect(operation, values, 0, 0);
}

std::variant<Done, UnderWay> PeopleAtWork::carry_out(const Order& order) {
    if (order.operation == Operation::stop_delivery) return wish(Wish::stop, order.number);
    if (order.operation == Operation::resume_delivery) return wish(Wish::resume, order.number);
    TherapySlot& therapy = turn_->therapy;
    if (const auto* meal = value_of<link::MealWish>(order.values)) return calculated({meal->carbs_dg});
    if (const auto* bolus = value_of<link::BolusWish>(order.values)) {
        const auto reason = static_cast<BolusReason>(bolus->reason);
        if (!is_known(reason))
            return Done{Outcome::not_done,
                        {"The pump did not understand what the bolus is for. Nothing was done.",
                         "La pompe n'a pas compris la raison du bolus. Rien n'a été fait."}};
        const auto suggested = bolus->suggested < 0_mU ? std::nullopt : std::optional{bolus->suggested};
        Done read_back = firmware::done(
            therapy.propose({.amount = bolus->amount, .reason = reason, .who = order.who, .suggested = suggested},
                            order.above_patient_limit ? most_ever : patient_limit()));
        if (read_back.outcome == Outcome::done)
            read_back.more = {{"amount_mu", bolus->amount.count}, {"confirm_within_s", confirm_within_s}};
        return read_back;
    }
    if (const auto* yes = value_of<link::BolusYes>(order.values)) {
        // What two people have to agree to is confirmed as what it is, by whoever read it back.
        if (!order.above_patient_limit && yes->amount > patient_limit())
            return Done{
                Outcome::refused,
                {"This bolus is above the patient's limit. Nothing was given. The physician confirms it as a bolus "
                 "above the limit, with a second person.",
                 "Ce bolus dépasse la limite du patient. Rien n'a été délivré. Le médecin le confirme comme bolus "
                 "au-dessus de la limite, avec une deuxième personne."}};
        return firmware::done(therapy.confirm(yes->amount, order.who));
    }
    if (value_of<link::BolusCancel>(order.values) != nullptr) return firmware::done(therapy.cancel(order.who));
    if (const auto* temporary = value_of<link::TemporaryWish>(order.values))
        return firmware::done(temporary->percent == 0
                                  ? therapy.end_temporary(order.who)
                                  : therapy.set_temporary(temporary->percent, temporary->seconds, order.who));
    return Done{};
}

MilliUnits PeopleAtWork::patient_limit() const noexcept {
    const auto* configuration = options_.configuration;
    // Nobody set one: then nothing is within it.
    return configuration != nullptr && configuration->calculator ? configuration->calculator->most_at_once
                                                                 : MilliUnits{};
}

Done PeopleAtWork::calculated(Carbs carbs) const {
    const auto suggestion = turn_->therapy.calculate(carbs);
    if (!suggestion) return {Outcome::refused, suggestion.error()};
    const Calculation& c = suggestion->calculation;
    const Sentence amount = units_in_words(c.suggested);
    Done done{Outcome::done, {"Suggested: " + amount.english + ".", "Proposition : " + amount.french + "."}};
    done.more = {{"suggested_mu", c.suggested.count},
                 {"for_carbs_mu", c.for_carbs.count},
                 {"correction_mu", c.correction.count},
                 {"on_board_mu", c.on_board.count},
                 {"terms", both(suggestion->terms)},
                 {"advice", both(suggestion->advice)}};
    return done;
}

UnderWay PeopleAtWork::wish(Wish wish, std::uint32_t number) {
    turn_->wishes.add(wish);
    wished_.push_back({wish, number});
    return {number};
}

void PeopleAtWork::on_wish_answer(const WishAnswer& answer) {
    for (const Wished& wished : std::exchange(wished_, {})) {
        if (wished.wish != answer.wish) {
            wished_.push_back(wished);
            continue;
        }
        Done done{Outcome::unknown,
                  {"The pump's inner part did not answer. Look at the pump's own light and screen.",
                   "La partie interne de la pompe n'a pas répondu. Regardez le voyant et l'écran de la pompe."}};
        if (answer.answered && answer.wish == Wish::stop && answer.mode != hal::Mode::stopped)
            done = {
                Outcome::not_done,
                {"Insulin was NOT stopped: in this state the pump takes a stop at its own button alone. Hold it for 3 "
                 "seconds.",
                 "L'insuline n'est PAS arrêtée : dans cet état, seul le bouton de la pompe l'arrête. Maintenez-le 3 "
                 "secondes."}};
        else if (answer.answered && answer.wish == Wish::stop)
            done = {Outcome::done,
                    {"Insulin is stopped. It stays so until a person resumes it.",
                     "L'insuline est arrêtée. Elle le reste jusqu'à ce qu'une personne la reprenne."}};
        else if (answer.answered && answer.wish == Wish::resume && answer.accepted)
            done = {Outcome::done, {"Insulin goes on.", "L'insuline reprend."}};
        else if (answer.answered && answer.wish == Wish::resume)
            done = {Outcome::refused,
                    {"Insulin was not resumed: nobody stopped it, or the pump's button was not pressed for it. Ask "
                     "again, then press it.",
                     "L'insuline n'a pas repris : personne ne l'avait arrêtée, ou le bouton n'a pas été appuyé pour "
                     "cela. Redemandez, puis appuyez."}};
        if (link_) link_->add(desk_.finish(wished.number, done));
    }
}

// ---- what is shown ----

std::variant<Bodies, Done> PeopleAtWork::show(link::Shown what, std::uint64_t from, std::string_view who) {
    Journal* const journal = turn_->journal;
    if (journal == nullptr) {
        if (what == link::Shown::state) return state_answer(turn_->seen);
        return no_records();
    }
    const std::string_view data = what == link::Shown::state ? "state" : what == link::Shown::log ? "log" : "doses";
    // Rows are counted in 63 bits: a larger number names none, and a log could not write it down.
    if (from > static_cast<std::uint64_t>(INT64_MAX))
        return Done{Outcome::refused,
                    {"The request names no row to begin with. Nothing was read.",
                     "La demande ne nomme aucune première ligne. Rien n'a été lu."}};
    if (auto noted = reads_.note(now_.seconds, *journal, who, data, from); !noted) return failed(noted.error());
    if (what == link::Shown::state) return state_answer(turn_->seen);
    if (what == link::Shown::log) {
        const auto events = journal->events(from, rows_a_request);
        if (!events) return failed(events.error());
        return log_answer(*events, from, rows_a_request);
    }
    const auto doses = journal->doses(from, rows_a_request);
    if (!doses) return failed(doses.error());
    return doses_answer(*doses, from, rows_a_request);
}

}  // namespace basalt::firmware
