#include "device/link/drop.h"

#include <numeric>

namespace basalt::link {
namespace {
using enum Drop;
// clang-format off
constexpr std::array<DropRow, drop_count> rows{{
    {no_session, "no_session", false,
     "A message came for a conversation that this pump does not have. It was ignored.",
     "Un message est arrivé pour une conversation que cette pompe n'a pas. Il a été ignoré."},
    {session_over, "session_over", false,
     "A message came after its conversation had ended. It was ignored. Connect again.",
     "Un message est arrivé après la fin de sa conversation. Il a été ignoré. Reconnectez-vous."},
    {not_a_message, "not_a_message", false,
     "Something arrived that is no message of this pump's. It was ignored.",
     "Quelque chose est arrivé qui n'est pas un message de cette pompe. Cela a été ignoré."},
    {forged, "forged", false,
     "A message was changed on its way, or comes from somebody else. It was ignored. Tell IT security if it goes on.",
     "Un message a été modifié en chemin, ou vient de quelqu'un d'autre. Il a été ignoré. Prévenez la sécurité informatique si cela continue."},
    {damaged, "damaged", false,
     "A message was damaged. It was ignored. Ask again.",
     "Un message était endommagé. Il a été ignoré. Redemandez."},
    {wrong_address, "wrong_address", false,
     "A message was meant for another device, or came from another sender. It was ignored.",
     "Un message était destiné à un autre appareil, ou venait d'un autre expéditeur. Il a été ignoré."},
    {not_identified, "not_identified", false,
     "A message came from somebody who did not open this conversation. It was ignored. Tell IT security if it goes on.",
     "Un message venait de quelqu'un qui n'a pas ouvert cette conversation. Il a été ignoré. Prévenez la sécurité informatique si cela continue."},
    {repeated, "repeated", false,
     "A message came a second time. Only the first one counts.",
     "Un message est arrivé une deuxième fois. Seul le premier compte."},
    {not_newer, "not_newer", false,
     "A message came that is not newer than the one before it. It was ignored.",
     "Un message est arrivé qui n'est pas plus récent que le précédent. Il a été ignoré."},
    {out_of_place, "out_of_place", false,
     "A message came that nobody had asked for. It was ignored.",
     "Un message est arrivé que personne n'avait demandé. Il a été ignoré."},
    {missing, "missing", true,
     "A message before this one is missing, so this one was not obeyed. The conversation ended. Connect again.",
     "Il manque un message avant celui-ci : il n'a donc pas été exécuté. La conversation est terminée. Reconnectez-vous."},
    {stale, "stale", true,
     "A message was under way for too long, so it was not obeyed. The conversation ended. Connect again.",
     "Un message est resté trop longtemps en chemin : il n'a donc pas été exécuté. La conversation est terminée. Reconnectez-vous."},
    {ahead, "ahead", true,
     "A message bears a time that has not come yet. The conversation ended. Connect again: that sets the clock right.",
     "Un message porte une heure qui n'est pas encore venue. La conversation est terminée. Reconnectez-vous : l'heure sera remise."},
    {too_late, "too_late", true,
     "Nothing was heard for too long, so what came then was not obeyed. The conversation ended. Connect again.",
     "Rien n'a été reçu pendant trop longtemps : ce qui est venu ensuite n'a pas été exécuté. La conversation est terminée. Reconnectez-vous."},
    {wrong_feedback, "wrong_feedback", true,
     "A message answers something that was never said. The conversation ended. Connect again.",
     "Un message répond à quelque chose qui n'a jamais été dit. La conversation est terminée. Reconnectez-vous."},
    {answer_late, "answer_late", true,
     "The pump took too long to answer. Nothing was done. Connect again.",
     "La pompe a mis trop de temps à répondre. Rien n'a été fait. Reconnectez-vous."},
    {no_room, "no_room", true,
     "The pump speaks with as many others as it can. Nothing was done. Try again in a minute.",
     "La pompe parle déjà avec autant d'autres qu'elle peut. Rien n'a été fait. Réessayez dans une minute."},
    {not_willing, "not_willing", true,
     "The pump was asked too often. Nothing was done. Try again in a minute.",
     "La pompe a été sollicitée trop souvent. Rien n'a été fait. Réessayez dans une minute."},
    {not_this_device, "not_this_device", true,
     "Another pump answered than the one that was asked for. Nothing was done. Check which pump you chose.",
     "Une autre pompe a répondu que celle demandée. Rien n'a été fait. Vérifiez quelle pompe vous avez choisie."},
    {wrong_version, "wrong_version", true,
     "Pump and console do not speak the same version. Nothing was done. Update the older one.",
     "La pompe et la console ne parlent pas la même version. Rien n'a été fait. Mettez à jour la plus ancienne."},
    {cannot_sign, "cannot_sign", true,
     "The pump cannot prove who it is: its security chip does not answer. Nothing was done. Tell biomedical service.",
     "La pompe ne peut pas prouver qui elle est : sa puce de sécurité ne répond pas. Rien n'a été fait. Prévenez le service biomédical."},
    {no_key, "no_key", true,
     "No common key could be agreed. Nothing was done. Connect again.",
     "Aucune clé commune n'a pu être convenue. Rien n'a été fait. Reconnectez-vous."},
    {false_pump, "false_pump", true,
     "What answered could not prove that it is your pump. Nothing was sent to it. Use the pump's own buttons, and tell IT security.",
     "Ce qui a répondu n'a pas pu prouver qu'il s'agit de votre pompe. Rien ne lui a été envoyé. Utilisez les boutons de la pompe et prévenez la sécurité informatique."},
}};
// clang-format on
static_assert(
    [] {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (std::to_underlying(rows[i].drop) != i) return false;
        return true;
    }(),
    "row_of() finds a row by its number");

}  // namespace

const DropRow& row_of(Drop drop) noexcept { return rows[std::to_underlying(drop)]; }

std::uint64_t DropCounts::total() const noexcept {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

}  // namespace basalt::link
