# The Lingua::Sentence peer (Moses' rules for French): see main.go for input and output.
use strict; use warnings; use utf8;
use JSON::PP; use Lingua::Sentence; use Time::HiRes qw(time);
binmode(STDIN, ':raw'); binmode(STDOUT, ':raw');
my $json = JSON::PP->new->utf8;
my @in = map { $json->decode($_) } <STDIN>;
my $splitter = Lingua::Sentence->new('fr');
my ($size, $best, @answers) = (0, 1e9);
for (@in) { my $t = $_->{t}; utf8::encode($t); $size += length $t }
for (1 .. 2) {
    my $start = time;
    @answers = map { [$splitter->split_array($_->{t})] } @in;
    my $took = time - $start;
    $best = $took if $took < $best;
}
print $json->encode({ i => $in[$_]{i}, s => $answers[$_] }), "\n" for 0 .. $#in;
open(my $out, '>&=', 3) or die $!;
print $out "$best $size\n";
